-- What is left of a case that its person has erased: that it was, in which month,
-- and why it went. Nothing leads from here to the case.

-- +goose Up
CREATE TABLE tombstones (
    id     TEXT PRIMARY KEY,
    month  TEXT NOT NULL,
    reason TEXT NOT NULL
);

-- erased grows with every erasure: who keeps the exchange values in memory reads
-- them anew when it does.
INSERT INTO counters (name, value) VALUES ('erased', 0);

-- +goose Down
DELETE FROM counters WHERE name = 'erased';
DROP TABLE tombstones;
