-- A lost phrase is replaced by answers she chose, two persons of the team and a
-- code to her confirmed address; no name is asked for.

-- +goose Up
-- the lock of her answers, as that of the phrase; empty: she chose none
ALTER TABLE cases ADD COLUMN answers_salt BYTEA;
ALTER TABLE cases ADD COLUMN answers_check BYTEA;
ALTER TABLE cases ADD COLUMN answers_recipe TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN answers_at TIMESTAMP;
-- when another phrase last took the place of one that was known
ALTER TABLE cases ADD COLUMN phrase_new_at TIMESTAMP;

CREATE TABLE recoveries (
    id        TEXT PRIMARY KEY,
    case_id   TEXT NOT NULL REFERENCES cases (id),
    state     TEXT NOT NULL,
    asked_at  TIMESTAMP NOT NULL,
    first_by  TEXT NOT NULL DEFAULT '',
    second_by TEXT NOT NULL DEFAULT '',
    code_at   TIMESTAMP,
    ended_at  TIMESTAMP
);
CREATE INDEX recoveries_by_case ON recoveries (case_id, asked_at);

-- +goose Down
DROP TABLE recoveries;
ALTER TABLE cases DROP COLUMN phrase_new_at;
ALTER TABLE cases DROP COLUMN answers_at;
ALTER TABLE cases DROP COLUMN answers_recipe;
ALTER TABLE cases DROP COLUMN answers_check;
ALTER TABLE cases DROP COLUMN answers_salt;
