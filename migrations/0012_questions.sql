-- Which of her images the person names in answer to a question, '' for none (it
-- refers to nothing: an image may go, and her answer stays), and what the team says
-- of its own with a question.

-- +goose Up
ALTER TABLE questions ADD COLUMN reference_id TEXT NOT NULL DEFAULT '';
ALTER TABLE questions ADD COLUMN words_sealed BYTEA;

-- +goose Down
ALTER TABLE questions DROP COLUMN words_sealed;
ALTER TABLE questions DROP COLUMN reference_id;
