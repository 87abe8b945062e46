package hasher

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"reprise/internal/phash"
	"reprise/internal/picture"
)

// FileHash is the answer of `reprise hash` for one file. Hashes are in hexadecimal digits. Where the file could not be
// hashed Error says why and the hashes are null; else Error is null.
type FileHash struct {
	File    string  `json:"file"`
	Width   int     `json:"width"`
	Height  int     `json:"height"`
	PDQ     *string `json:"pdq"`
	Quality *int    `json:"pdq_quality"`
	PHash   *string `json:"phash"`
	DHash   *string `json:"dhash"`
	AHash   *string `json:"ahash"`
	Error   *string `json:"error"`
}

// description is what a child tells of a picture for a FileHash.
type description struct {
	Width, Height uint32
	Quality       uint8
	PDQ           phash.Hash256
	Hashes        phash.ImageHashes
}

var descriptionBytes = binary.Size(description{})

// describe hashes a picture with nothing but PDQ and goimagehash.
func describe(p picture.Picture) ([]byte, error) {
	s, err := phash.Sign(p)
	if err != nil {
		return nil, err
	}
	hashes, err := phash.HashImage(p)
	if err != nil {
		return nil, err
	}
	return binary.Append(nil, binary.BigEndian, description{
		uint32(s.Width), uint32(s.Height), uint8(s.Quality), s.PDQ, hashes,
	})
}

func (d *description) read(b []byte) error {
	if n, err := binary.Decode(b, binary.BigEndian, d); err != nil || n != len(b) {
		return fmt.Errorf("%d bytes: %w", len(b), errAnswer)
	}
	return nil
}

// WriteFileHash hashes the file at path and writes a FileHash to w as one line of JSON. It reports whether there are
// hashes; the error is for what is not the file's fault: the context's end, no child, or w.
func (h *Hasher) WriteFileHash(ctx context.Context, w io.Writer, path string) (hashed bool, err error) {
	out := FileHash{File: path}
	d, err := h.hashFile(ctx, path)
	if err == nil {
		out.fill(d)
	} else {
		if ctx.Err() != nil || errors.Is(err, ErrNoChild) {
			return false, err
		}
		text := err.Error()
		out.Error = &text
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		return false, fmt.Errorf("write the hashes of a file: %w", err)
	}
	return out.Error == nil, nil
}

func (h *Hasher) hashFile(ctx context.Context, path string) (d description, err error) {
	data, err := ReadFile(path)
	if err != nil {
		return d, err
	}
	err = h.do(ctx, taskDescribe, data, d.read)
	return d, err
}

// ReadFile reads a file, but of one over picture.MaxBytes only so much that it is refused as too large.
func ReadFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the file: %w", errors.Unwrap(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, picture.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", errors.Unwrap(err))
	}
	return data, nil
}

func (f *FileHash) fill(d description) {
	hex64 := func(v uint64) *string { t := fmt.Sprintf("%016x", v); return &t }
	pdq, quality := d.PDQ.String(), int(d.Quality)
	f.Width, f.Height, f.PDQ, f.Quality = int(d.Width), int(d.Height), &pdq, &quality
	f.PHash, f.DHash, f.AHash = hex64(d.Hashes.Perception), hex64(d.Hashes.Difference), hex64(d.Hashes.Average)
}
