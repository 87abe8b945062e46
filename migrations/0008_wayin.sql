-- In what capacity somebody acts for the person in the images, and whether the
-- phrase has been used or checked: until then another one may take its place.

-- +goose Up
ALTER TABLE cases ADD COLUMN capacity TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN phrase_known BOOLEAN NOT NULL DEFAULT TRUE;

-- +goose Down
ALTER TABLE cases DROP COLUMN phrase_known;
ALTER TABLE cases DROP COLUMN capacity;
