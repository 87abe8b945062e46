-- Which of her images the person names in answer to a question; '' for none. It
-- refers to nothing: an image may go, and her answer stays.

-- +goose Up
ALTER TABLE questions ADD COLUMN reference_id TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE questions DROP COLUMN reference_id;
