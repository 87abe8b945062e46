package casework

import (
	"context"
	"fmt"

	"reprise/internal/hasher"
	"reprise/internal/takedown"
)

// Likeness holds a found image against a given one just as a look does within a
// case whose person allows local features. Nothing is kept. Its errors are those
// of the hasher.
func Likeness(ctx context.Context, h *hasher.Hasher, given, found []byte) (takedown.Match, error) {
	reference, err := h.Sign(ctx, given, true)
	if err != nil {
		return takedown.Match{}, fmt.Errorf("hash the reference: %w", err)
	}
	query, err := h.Ask(ctx, found, true)
	if err != nil {
		return takedown.Match{}, fmt.Errorf("hash the found image: %w", err)
	}
	return held{sig: reference.Signature, points: reference.Points}.against(query), nil
}
