// Package migrations holds the schema and the shipped data as embedded files,
// and nothing else. One set of migrations serves SQLite and PostgreSQL.
package migrations

import "embed"

// Schema holds the goose migrations, in order of their numbers.
//
//go:embed *.sql
var Schema embed.FS

// Data holds the directory, the grounds, the minors' channels and the numbers to
// talk to someone as shipped: data/recipients.csv, grounds.csv, channels.csv and help.csv.
//
//go:embed data/*.csv
var Data embed.FS
