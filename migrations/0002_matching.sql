-- How near a found file is, by which way, and what people said of it. Hashes of
-- found files are sealed like addresses; equal ones are found by keyed hash.

-- +goose Up
ALTER TABLE cases ADD COLUMN may_use_points BOOLEAN NOT NULL DEFAULT FALSE;

-- seq grows with every reference of the house, in the order of the commits: who
-- keeps the exchange values in memory asks for those after the last one known.
-- A reference that was kept before this migration has no exchange value: it is
-- found within its own case alone.
ALTER TABLE case_references ADD COLUMN kind TEXT NOT NULL DEFAULT 'image';
ALTER TABLE case_references ADD COLUMN points_sealed BYTEA;
ALTER TABLE case_references ADD COLUMN exchange_sealed BYTEA;
ALTER TABLE case_references ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE case_references SET seq = (SELECT COUNT(*) FROM case_references o WHERE o.id <= case_references.id);
CREATE UNIQUE INDEX case_references_by_seq ON case_references (seq);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) SELECT 'reference', COUNT(*) FROM case_references;

-- boxes are four per mille of the sides: left, top, right, bottom.
ALTER TABLE matches ADD COLUMN kind TEXT NOT NULL DEFAULT 'whole';
ALTER TABLE matches ADD COLUMN inverted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE matches ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN angle INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN share INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN reference_box TEXT NOT NULL DEFAULT '';
ALTER TABLE matches ADD COLUMN found_box TEXT NOT NULL DEFAULT '';
ALTER TABLE matches ADD COLUMN span_from INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN span_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN found_sealed BYTEA;
ALTER TABLE matches ADD COLUMN found_index BYTEA;
ALTER TABLE matches ADD COLUMN negative_id TEXT NOT NULL DEFAULT '';
ALTER TABLE matches ADD COLUMN flood_id TEXT NOT NULL DEFAULT '';
CREATE INDEX matches_by_reference ON matches (reference_id);
CREATE INDEX matches_by_found ON matches (found_index);
CREATE INDEX matches_by_flood ON matches (flood_id);

-- What is no image of anybody: blanks, logos, placeholders.
CREATE TABLE negatives (
    id          TEXT PRIMARY KEY,
    hash_index  BYTEA NOT NULL UNIQUE,
    hash_sealed BYTEA NOT NULL,
    why         TEXT NOT NULL,
    added_by    TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL
);

-- One image that matches unusually often, until a person has looked at it: a
-- reference, or a found file (by its index) near references of many cases.
CREATE TABLE floods (
    id           TEXT PRIMARY KEY,
    reference_id TEXT NOT NULL,
    found_index  BYTEA,
    state        TEXT NOT NULL,
    since        TIMESTAMP NOT NULL,
    decided_by   TEXT NOT NULL,
    decided_at   TIMESTAMP
);
CREATE INDEX floods_by_state ON floods (state);

-- +goose Down
DROP TABLE floods;
DROP TABLE negatives;
DROP INDEX matches_by_flood;
DROP INDEX matches_by_found;
DROP INDEX matches_by_reference;
ALTER TABLE matches DROP COLUMN flood_id;
ALTER TABLE matches DROP COLUMN negative_id;
ALTER TABLE matches DROP COLUMN found_index;
ALTER TABLE matches DROP COLUMN found_sealed;
ALTER TABLE matches DROP COLUMN span_to;
ALTER TABLE matches DROP COLUMN span_from;
ALTER TABLE matches DROP COLUMN found_box;
ALTER TABLE matches DROP COLUMN reference_box;
ALTER TABLE matches DROP COLUMN share;
ALTER TABLE matches DROP COLUMN angle;
ALTER TABLE matches DROP COLUMN points;
ALTER TABLE matches DROP COLUMN inverted;
ALTER TABLE matches DROP COLUMN kind;
DROP TABLE counters;
DROP INDEX case_references_by_seq;
ALTER TABLE case_references DROP COLUMN seq;
ALTER TABLE case_references DROP COLUMN exchange_sealed;
ALTER TABLE case_references DROP COLUMN points_sealed;
ALTER TABLE case_references DROP COLUMN kind;
ALTER TABLE cases DROP COLUMN may_use_points;
