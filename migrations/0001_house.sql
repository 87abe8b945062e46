-- One dialect for SQLite and PostgreSQL: text ids made by the program, times in
-- UTC, personal values in *_sealed columns, look-ups by keyed hash in *_index.

-- +goose Up
CREATE TABLE cases (
    id                   TEXT PRIMARY KEY,
    opening_key          TEXT NOT NULL UNIQUE,
    number_index         BYTEA NOT NULL UNIQUE,
    number_sealed        BYTEA NOT NULL,
    phrase_salt          BYTEA NOT NULL,
    phrase_check         BYTEA NOT NULL,
    phrase_recipe        TEXT NOT NULL,
    state                TEXT NOT NULL,
    harm                 TEXT NOT NULL,
    lang                 TEXT NOT NULL,
    on_behalf            BOOLEAN NOT NULL,
    not_consented        BOOLEAN NOT NULL,
    good_faith           BOOLEAN NOT NULL,
    mandate              BOOLEAN NOT NULL,
    contact_email_sealed BYTEA,
    contact_frequency    TEXT NOT NULL,
    contact_news         BOOLEAN NOT NULL,
    contact_mailed_at    TIMESTAMP,
    created_at           TIMESTAMP NOT NULL,
    closed_at            TIMESTAMP,
    watch_until          TIMESTAMP
);
CREATE INDEX cases_by_news ON cases (contact_news);

CREATE TABLE items (
    id             TEXT PRIMARY KEY,
    case_id        TEXT NOT NULL REFERENCES cases (id),
    position       INTEGER NOT NULL,
    address_index  BYTEA NOT NULL,
    address_sealed BYTEA NOT NULL,
    host_sealed    BYTEA NOT NULL,
    recipient_id   TEXT NOT NULL,
    origin         TEXT NOT NULL,
    triage         TEXT NOT NULL,
    presence       TEXT NOT NULL,
    gone_since     TIMESTAMP,
    closed         TEXT NOT NULL,
    closed_at      TIMESTAMP,
    looked_at      TIMESTAMP,
    seen_at        TIMESTAMP,
    next_look      TIMESTAMP,
    created_at     TIMESTAMP NOT NULL,
    overruled_sealed BYTEA,
    UNIQUE (case_id, address_index),
    UNIQUE (case_id, position)
);
CREATE INDEX items_by_next_look ON items (next_look);

CREATE TABLE case_references (
    id               TEXT PRIMARY KEY,
    case_id          TEXT NOT NULL REFERENCES cases (id),
    label_sealed     BYTEA,
    signature_index  BYTEA NOT NULL,
    signature_sealed BYTEA NOT NULL,
    quality          INTEGER NOT NULL,
    created_at       TIMESTAMP NOT NULL,
    UNIQUE (case_id, signature_index)
);

CREATE TABLE observations (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    item_id     TEXT NOT NULL REFERENCES items (id),
    seen_at     TIMESTAMP NOT NULL,
    saw         TEXT NOT NULL,
    status      INTEGER NOT NULL,
    failure     TEXT NOT NULL,
    says        TEXT NOT NULL,
    media_found INTEGER NOT NULL,
    media_read  INTEGER NOT NULL,
    distance    INTEGER NOT NULL
);
CREATE INDEX observations_by_item ON observations (item_id, seen_at);

CREATE TABLE matches (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    item_id      TEXT NOT NULL REFERENCES items (id),
    reference_id TEXT NOT NULL REFERENCES case_references (id),
    media_index  BYTEA NOT NULL,
    media_sealed BYTEA NOT NULL,
    distance     INTEGER NOT NULL,
    variant      TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    state        TEXT NOT NULL,
    decided_by   TEXT NOT NULL,
    decided_at   TIMESTAMP,
    seen_at      TIMESTAMP NOT NULL,
    UNIQUE (item_id, reference_id, media_index)
);
CREATE INDEX matches_by_case ON matches (case_id);

CREATE TABLE recipients (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    channel     TEXT NOT NULL,
    email       TEXT NOT NULL,
    form_url    TEXT NOT NULL,
    domains     TEXT NOT NULL,
    countries   TEXT NOT NULL,
    lang        TEXT NOT NULL,
    behind      TEXT NOT NULL,
    parallel    BOOLEAN NOT NULL,
    confidence  TEXT NOT NULL,
    notes       TEXT NOT NULL,
    source      TEXT NOT NULL,
    verified_at TIMESTAMP,
    verified_by TEXT NOT NULL
);

CREATE TABLE grounds (
    id             TEXT PRIMARY KEY,
    country        TEXT NOT NULL,
    statute        TEXT NOT NULL,
    citation       TEXT NOT NULL,
    deadline_hours INTEGER NOT NULL,
    elements       TEXT NOT NULL
);

CREATE TABLE notices (
    id             TEXT PRIMARY KEY,
    case_id        TEXT NOT NULL REFERENCES cases (id),
    recipient_id   TEXT NOT NULL REFERENCES recipients (id),
    ground_id      TEXT NOT NULL REFERENCES grounds (id),
    kind           TEXT NOT NULL,
    parent_id      TEXT NOT NULL,
    lang           TEXT NOT NULL,
    channel        TEXT NOT NULL,
    state          TEXT NOT NULL,
    subject_sealed BYTEA NOT NULL,
    body_sealed    BYTEA NOT NULL,
    message_id     TEXT NOT NULL UNIQUE,
    reply_token    TEXT NOT NULL UNIQUE,
    reference      TEXT NOT NULL,
    approved_by    TEXT NOT NULL,
    approved_at    TIMESTAMP,
    begun_at       TIMESTAMP,
    handed_at      TIMESTAMP,
    sent_at        TIMESTAMP,
    created_at     TIMESTAMP NOT NULL
);
CREATE INDEX notices_by_case ON notices (case_id);
CREATE INDEX notices_by_state ON notices (state);

CREATE TABLE requests (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    item_id      TEXT NOT NULL REFERENCES items (id),
    notice_id    TEXT NOT NULL REFERENCES notices (id),
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    ground_id    TEXT NOT NULL REFERENCES grounds (id),
    parent_id    TEXT NOT NULL,
    state        TEXT NOT NULL,
    sent_at      TIMESTAMP,
    due_at       TIMESTAMP,
    created_at   TIMESTAMP NOT NULL,
    UNIQUE (item_id, recipient_id)
);
CREATE INDEX requests_by_case ON requests (case_id);
CREATE INDEX requests_by_notice ON requests (notice_id);
CREATE INDEX requests_by_due ON requests (due_at);

CREATE TABLE reminded (
    notice_id  TEXT NOT NULL REFERENCES notices (id),
    request_id TEXT NOT NULL REFERENCES requests (id),
    PRIMARY KEY (notice_id, request_id)
);

CREATE TABLE replies (
    id             TEXT PRIMARY KEY,
    delivery       TEXT NOT NULL UNIQUE,
    notice_id      TEXT NOT NULL,
    case_id        TEXT NOT NULL,
    from_sealed    BYTEA NOT NULL,
    subject_sealed BYTEA NOT NULL,
    text_sealed    BYTEA NOT NULL,
    suggestion     TEXT NOT NULL,
    reference      TEXT NOT NULL,
    state          TEXT NOT NULL,
    received_at    TIMESTAMP NOT NULL
);
CREATE INDEX replies_by_case ON replies (case_id);
CREATE INDEX replies_by_state ON replies (state);

CREATE TABLE events (
    seq     BIGINT PRIMARY KEY,
    at      TIMESTAMP NOT NULL,
    role    TEXT NOT NULL,
    actor   TEXT NOT NULL,
    verb    TEXT NOT NULL,
    case_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    detail  TEXT NOT NULL,
    prev    BYTEA NOT NULL,
    hash    BYTEA NOT NULL
);
CREATE INDEX events_by_case ON events (case_id);

-- The one row every write transaction takes first: on PostgreSQL its lock makes
-- one writer at a time, as BEGIN IMMEDIATE does on SQLite, and the chain of
-- events needs just that.
CREATE TABLE event_head (
    id   INTEGER PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE staff (
    id            TEXT PRIMARY KEY,
    email_index   BYTEA NOT NULL UNIQUE,
    email_sealed  BYTEA NOT NULL,
    name_sealed   BYTEA NOT NULL,
    role          TEXT NOT NULL,
    lang          TEXT NOT NULL,
    password      TEXT NOT NULL,
    totp_sealed   BYTEA,
    totp_step     BIGINT NOT NULL,
    invite_hash   BYTEA,
    invited_until TIMESTAMP,
    active        BOOLEAN NOT NULL,
    created_at    TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    token_hash  BYTEA PRIMARY KEY,
    door        TEXT NOT NULL,
    owner       TEXT NOT NULL,
    data_sealed BYTEA NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    seen_at     TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_owner ON sessions (owner);

CREATE TABLE marks (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- +goose Down
DROP TABLE marks;
DROP TABLE sessions;
DROP TABLE staff;
DROP TABLE event_head;
DROP TABLE events;
DROP TABLE replies;
DROP TABLE reminded;
DROP TABLE requests;
DROP TABLE notices;
DROP TABLE grounds;
DROP TABLE recipients;
DROP TABLE matches;
DROP TABLE observations;
DROP TABLE case_references;
DROP TABLE items;
DROP TABLE cases;
