-- A STOP that comes back by mail is honoured at once, and the person is asked in
-- her space whether it was she.

-- +goose Up
-- the random token in the address that an answer to her mails goes to
ALTER TABLE cases ADD COLUMN contact_token_index BYTEA;
ALTER TABLE cases ADD COLUMN contact_token_sealed BYTEA;
-- since when no mail leaves because of a STOP she has not spoken about
ALTER TABLE cases ADD COLUMN contact_stopped_at TIMESTAMP;
CREATE UNIQUE INDEX cases_by_contact_token ON cases (contact_token_index);

-- the mails that said STOP, so that none of them counts twice; nothing of what
-- they say is kept
CREATE TABLE stops (
    delivery TEXT PRIMARY KEY,
    case_id  TEXT NOT NULL REFERENCES cases (id)
);
CREATE INDEX stops_by_case ON stops (case_id);

-- +goose Down
DROP TABLE stops;
DROP INDEX cases_by_contact_token;
ALTER TABLE cases DROP COLUMN contact_stopped_at;
ALTER TABLE cases DROP COLUMN contact_token_sealed;
ALTER TABLE cases DROP COLUMN contact_token_index;
