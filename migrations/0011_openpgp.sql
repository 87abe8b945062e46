-- A person may give her OpenPGP key: her mails are then encrypted to it.

-- +goose Up
ALTER TABLE cases ADD COLUMN contact_key_sealed BYTEA;

-- +goose Down
ALTER TABLE cases DROP COLUMN contact_key_sealed;
