-- How a person may be reached is hers to say and to confirm.

-- +goose Up
ALTER TABLE cases ADD COLUMN contact_confirmed BOOLEAN NOT NULL DEFAULT FALSE;
-- her wishes: channel, hours, days, code word, who else reads it, as JSON
ALTER TABLE cases ADD COLUMN contact_wishes_sealed BYTEA;

-- the codes that are sent by mail, and typed in the portal
CREATE TABLE codes (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    purpose     TEXT NOT NULL,
    code_sealed BYTEA NOT NULL,
    made_at     TIMESTAMP NOT NULL,
    sent_at     TIMESTAMP,
    tries       INTEGER NOT NULL DEFAULT 0,
    ended       BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX codes_by_case ON codes (case_id);

-- +goose Down
DROP TABLE codes;
ALTER TABLE cases DROP COLUMN contact_wishes_sealed;
ALTER TABLE cases DROP COLUMN contact_confirmed;
