package keypoints

import (
	"encoding/binary"
	"errors"
)

// The stored form: version, width, height and number of points, then for each point X, Y, angle and size, and the
// description; numbers of two and eight bytes have the low byte first. Angle and size share two bytes: bits 0 to 5 are
// the angle, bit 7 of the first says bright, the second is the level.
const (
	version   = 1
	headBytes = 1 + 3*2
	dotBytes  = 2*2 + 2 + 4*8
	brightBit = 1 << 7
)

// MaxBytes is the length of the largest stored set.
const MaxBytes = headBytes + dotBytes*MaxPoints

// ErrSet tells that stored bytes are no set of this version.
var ErrSet = errors.New("not a set of keypoints")

// MarshalBinary gives the stored form: 7 bytes, and 38 for each point. It fails with ErrSet for a set that
// UnmarshalBinary would not take.
func (s Set) MarshalBinary() ([]byte, error) {
	if !s.sound() {
		return nil, ErrSet
	}
	out := make([]byte, 0, headBytes+dotBytes*len(s.Points))
	out = append(out, version)
	for _, v := range []int{s.Width, s.Height, len(s.Points)} {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	for _, p := range s.Points {
		out = binary.LittleEndian.AppendUint16(out, p.X)
		out = binary.LittleEndian.AppendUint16(out, p.Y)
		angle := p.Angle
		if p.Bright {
			angle |= brightBit
		}
		out = append(out, angle, p.Level)
		for _, b := range p.Bits {
			out = binary.LittleEndian.AppendUint64(out, b)
		}
	}
	return out, nil
}

// UnmarshalBinary reads the stored form. It trusts nothing: any byte missing, left over or out of bounds is ErrSet, and
// then s is unchanged.
func (s *Set) UnmarshalBinary(data []byte) error {
	if len(data) < headBytes || data[0] != version {
		return ErrSet
	}
	number := func(at int) int { return int(binary.LittleEndian.Uint16(data[at:])) }
	read := Set{Width: number(1), Height: number(3)}
	count := number(5)
	if count > MaxPoints || len(data) != headBytes+count*dotBytes {
		return ErrSet
	}
	for at := headBytes; at < len(data); at += dotBytes {
		p := Point{X: uint16(number(at)), Y: uint16(number(at + 2)), Angle: data[at+4] &^ brightBit, Level: data[at+5]}
		p.Bright = data[at+4]&brightBit != 0
		for i := range p.Bits {
			p.Bits[i] = binary.LittleEndian.Uint64(data[at+6+8*i:])
		}
		read.Points = append(read.Points, p)
	}
	if !read.sound() {
		return ErrSet
	}
	*s = read
	return nil
}

// sound tells whether a set is such as Find makes.
func (s Set) sound() bool {
	if min(s.Width, s.Height) < 0 || max(s.Width, s.Height) > MaxSide || len(s.Points) > MaxPoints {
		return false
	}
	for _, p := range s.Points {
		if int(p.X) > 16*s.Width || int(p.Y) > 16*s.Height || p.Angle >= turn || p.Level >= levelsMax {
			return false
		}
	}
	return true
}
