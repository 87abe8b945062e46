package main

import (
	"fmt"
	"io"
)

// match measures how fast files are hashed and hashes are searched.
type match struct {
	PDQPhotoHasher string `name:"pdq-photo-hasher" help:"Meta's program, built from facebook/ThreatExchange pdq/cpp" env:"PDQ_PHOTO_HASHER" placeholder:"PATH"`
}

func (c *match) run(w io.Writer, _ string) error {
	heading(w, "Speed")
	_, err := fmt.Fprintln(w)
	return err
}
