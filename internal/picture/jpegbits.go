package picture

import (
	"bytes"
	"encoding/binary"
)

// bitReader gives the bits of one entropy-coded segment (ITU-T T.81, F.2.2.5), the highest of each byte first, without
// the zeros stuffed behind bytes of ones. The next bit is the highest of acc. Where the segment ends, at a marker or
// with the file, it gives zeros and counts them, so that who reads need not look for the end at each bit.
type bitReader struct {
	data   []byte
	pos    int
	acc    uint64
	n      int // bits of acc that may be used
	padded int // of which so many, the last ones, are not in the file
}

// enough is how many bits fill leaves at least: a code of 16 and a value of 15 need no more.
const enough = 32

// fill tops acc up. It may leave bits behind the n-th in acc, but only such as the next fill puts there again.
func (r *bitReader) fill() {
	if r.pos+8 <= len(r.data) {
		v := binary.BigEndian.Uint64(r.data[r.pos:])
		if !hasOnes(v) {
			whole := (64 - r.n) / 8
			r.acc |= v >> (uint(r.n) & 63)
			r.n += 8 * whole
			r.pos += whole
			return
		}
	}
	for r.n <= 56 {
		b, stuffed := byte(0), 0
		switch {
		case r.pos >= len(r.data):
			r.padded += 8
		case r.data[r.pos] != 0xff:
			b, stuffed = r.data[r.pos], 1
		case r.pos+1 < len(r.data) && r.data[r.pos+1] == 0:
			b, stuffed = 0xff, 2
		default:
			r.padded += 8
		}
		r.acc |= uint64(b) << (uint(56-r.n) & 63)
		r.pos += stuffed
		r.n += 8
	}
}

// hasOnes tells whether one of the eight bytes is 0xff: adding one to it, and to no other, clears its highest bit.
func hasOnes(v uint64) bool {
	const lows, highs = 0x0101010101010101, 0x8080808080808080
	return v&^(v+lows)&highs != 0
}

// overrun tells whether more bits were taken than the segment has.
func (r *bitReader) overrun() bool { return r.n < r.padded }

// bits takes the next count bits, up to 16.
func (r *bitReader) bits(count int) int32 {
	if r.n < enough {
		r.fill()
	}
	v := int32(r.acc >> 1 >> (63 - uint(count)&63))
	r.acc <<= uint(count) & 63
	r.n -= count
	return v
}

// extend makes a signed value of size bits (T.81, F.2.2.1): those with a leading zero are negative.
func extend(v int32, size int) int32 {
	if size > 0 && v < 1<<(uint(size-1)&31) {
		v += 1 - 1<<(uint(size)&31)
	}
	return v
}

// symbol takes the next Huffman code and gives what it stands for, and false for a code that the table does not have.
func (r *bitReader) symbol(h *huffman) (byte, bool) {
	if r.n < enough {
		r.fill()
	}
	e := h.codes[r.acc>>(64-lookupBits)]
	if e == 0 {
		return r.longSymbol(h)
	}
	length := int(e >> 8)
	r.acc <<= uint(length) & 63
	r.n -= length
	return byte(e), true
}

// longSymbol compares with the largest code of each length (T.81, F.2.2.3).
func (r *bitReader) longSymbol(h *huffman) (byte, bool) {
	for length := lookupBits + 1; length <= 16; length++ {
		code := int32(r.acc >> (64 - uint(length)))
		if code <= h.largest[length] {
			r.acc <<= uint(length)
			r.n -= length
			return h.symbols[int(h.offset[length]+code)&0xff], true
		}
	}
	return 0, false
}

// restart goes over the marker RSTn that ends a segment, and nothing else may stand before it (T.81, E.1.4).
func (r *bitReader) restart(n int) bool {
	if r.overrun() || r.n-r.padded >= 8 || !bytes.HasPrefix(r.data[r.pos:], []byte{0xff, 0xd0 + byte(n%8)}) {
		return false
	}
	*r = bitReader{data: r.data, pos: r.pos + 2}
	return true
}
