package hasher

import (
	"encoding"
	"encoding/binary"
	"fmt"

	"reprise/internal/keypoints"
	"reprise/internal/phash"
	"reprise/internal/picture"
)

// Given is what is made of a picture that a person gave. Points are empty unless they were asked for.
type Given struct {
	Signature phash.Signature
	Points    keypoints.Set
}

// Found is what is made of a picture that was found. Points are empty unless they were asked for.
type Found struct {
	Query  phash.Query
	Points keypoints.Set
}

func sign(p picture.Picture, withPoints bool) ([]byte, error) {
	s, err := phash.Sign(p)
	if err != nil {
		return nil, err
	}
	return joined(s, pointsOf(p, withPoints, keypoints.ForReference))
}

func ask(p picture.Picture, withPoints bool) ([]byte, error) {
	q, err := phash.Ask(p)
	if err != nil {
		return nil, err
	}
	return joined(q, pointsOf(p, withPoints, keypoints.ForQuery))
}

func pointsOf(p picture.Picture, wanted bool, most int) keypoints.Set {
	if !wanted {
		return keypoints.Set{}
	}
	return keypoints.Find(p.Small(keypoints.MaxSide), most)
}

// lengthBytes is how the length of the first of two records is written.
const lengthBytes = 4

// joined writes the length of the hashes, the hashes and the points.
func joined(hashes, points encoding.BinaryMarshaler) ([]byte, error) {
	first, err := hashes.MarshalBinary()
	if err != nil {
		return nil, err
	}
	second, err := points.MarshalBinary()
	if err != nil {
		return nil, err
	}
	b := binary.BigEndian.AppendUint32(nil, uint32(len(first)))
	return append(append(b, first...), second...), nil
}

// parted reads what joined wrote, trusting nothing.
func parted(b []byte, hashes, points encoding.BinaryUnmarshaler) error {
	if len(b) < lengthBytes || uint64(binary.BigEndian.Uint32(b)) > uint64(len(b)-lengthBytes) {
		return fmt.Errorf("%d bytes: %w", len(b), errAnswer)
	}
	end := lengthBytes + int(binary.BigEndian.Uint32(b))
	if err := hashes.UnmarshalBinary(b[lengthBytes:end]); err != nil {
		return err
	}
	return points.UnmarshalBinary(b[end:])
}

func (g *Given) read(b []byte) error { return parted(b, &g.Signature, &g.Points) }

func (f *Found) read(b []byte) error { return parted(b, &f.Query, &f.Points) }
