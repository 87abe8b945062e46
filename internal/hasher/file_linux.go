package hasher

import (
	"context"
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

// WriteFileHash hashes the file at path and writes a FileHash to w as one line of JSON. It reports whether there are
// hashes; the error is for what is not the file's fault: the context's end, no child, or w.
func (h *Hasher) WriteFileHash(ctx context.Context, w io.Writer, path string) (hashed bool, err error) {
	out := FileHash{File: path}
	sig, err := h.hashFile(ctx, path)
	if err == nil {
		out.fill(sig)
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

func (h *Hasher) hashFile(ctx context.Context, path string) (phash.Signature, error) {
	f, err := os.Open(path)
	if err != nil {
		return phash.Signature{}, fmt.Errorf("open the file: %w", errors.Unwrap(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, picture.MaxBytes+1))
	if err != nil {
		return phash.Signature{}, fmt.Errorf("read the file: %w", errors.Unwrap(err))
	}
	return h.Hash(ctx, data)
}

func (f *FileHash) fill(s phash.Signature) {
	hex64 := func(v uint64) *string { t := fmt.Sprintf("%016x", v); return &t }
	pdq := s.PDQ.String()
	f.Width, f.Height, f.PDQ, f.Quality = s.Width, s.Height, &pdq, &s.Quality
	f.PHash, f.DHash, f.AHash = hex64(s.PHash64), hex64(s.DHash64), hex64(s.AHash64)
}
