-- What the person and the team say to each other, questions with ready answers,
-- a case that rests, and on which days its space was opened.

-- +goose Up
ALTER TABLE cases ADD COLUMN paused_at TIMESTAMP;
ALTER TABLE cases ADD COLUMN leaving_at TIMESTAMP;

-- form_key is the random value of the form it was sent with: the same form sends
-- one message, however often it arrives.
CREATE TABLE messages (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    form_key    TEXT NOT NULL,
    from_team   BOOLEAN NOT NULL,
    text_sealed BYTEA NOT NULL,
    sent_at     TIMESTAMP NOT NULL,
    read_at     TIMESTAMP,
    UNIQUE (case_id, form_key)
);
CREATE INDEX messages_by_read ON messages (read_at);

CREATE TABLE questions (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    item_id     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    asked_by    TEXT NOT NULL,
    asked_at    TIMESTAMP NOT NULL,
    answer      TEXT NOT NULL,
    answered_at TIMESTAMP,
    seen_at     TIMESTAMP
);
CREATE INDEX questions_by_case ON questions (case_id);

CREATE TABLE visits (
    case_id TEXT NOT NULL REFERENCES cases (id),
    day     TIMESTAMP NOT NULL,
    times   INTEGER NOT NULL,
    PRIMARY KEY (case_id, day)
);

-- +goose Down
DROP TABLE visits;
DROP TABLE questions;
DROP TABLE messages;
ALTER TABLE cases DROP COLUMN leaving_at;
ALTER TABLE cases DROP COLUMN paused_at;
