-- What a person calls an address, and whether she was asked to go on watching.

-- +goose Up
ALTER TABLE items ADD COLUMN label_sealed BYTEA;
ALTER TABLE cases ADD COLUMN watch_asked BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE cases DROP COLUMN watch_asked;
ALTER TABLE items DROP COLUMN label_sealed;
