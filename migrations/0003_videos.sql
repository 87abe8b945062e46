-- How many videos a look found, how many of them were looked into, and why not
-- the others.

-- +goose Up
ALTER TABLE observations ADD COLUMN videos_found INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observations ADD COLUMN videos_read INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observations ADD COLUMN video_trouble TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE observations DROP COLUMN video_trouble;
ALTER TABLE observations DROP COLUMN videos_read;
ALTER TABLE observations DROP COLUMN videos_found;
