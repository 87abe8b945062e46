package picture

// lookupBits is how many bits are decoded by a look into a table. Longer codes are rare.
const lookupBits = 11

// huffman is a table of codes as a file defines it, with the look-up tables made from it when a scan uses it.
type huffman struct {
	counts  [17]byte // how many codes there are of each length
	symbols [256]byte
	ready   bool

	largest [17]int32 // the largest code of a length, -1 if there is none
	offset  [17]int32 // what makes a code of a length an index of symbols

	codes  [1 << lookupBits]uint16 // length << 8 | symbol; zero for longer codes
	values [1 << lookupBits]int32  // code and value in one, see valueEntry
	skips  [1 << lookupBits]uint16 // several codes at once: last << 15 | coefficients << 8 | bits, without their values
}

// lastCode marks an entry of skips that holds the end of the block.
const lastCode = 1 << 15

// newHuffman reads a definition: sixteen counts and the symbols (T.81, B.2.4.2). It gives how long that is, or nil.
func newHuffman(b []byte) (*huffman, int) {
	if len(b) < 16 {
		return nil, 0
	}
	h, total, code := &huffman{}, 0, 0
	for length := 1; length <= 16; length++ {
		h.counts[length] = b[length-1]
		total += int(b[length-1])
		if code = code<<1 + int(b[length-1]); code > 1<<length {
			return nil, 0
		}
	}
	if total == 0 || total > 256 || len(b) < 16+total {
		return nil, 0
	}
	copy(h.symbols[:], b[16:16+total])
	return h, 16 + total
}

// prepare gives each symbol its code (T.81, annex C) and makes the tables.
func (h *huffman) prepare() {
	if h.ready {
		return
	}
	h.ready = true
	code, at := int32(0), int32(0)
	for length := 1; length <= 16; length++ {
		h.offset[length], h.largest[length] = at-code, -1
		for range h.counts[length] {
			if length <= lookupBits {
				first := code << (lookupBits - length)
				for i := range int32(1) << (lookupBits - length) {
					h.codes[(first+i)&(1<<lookupBits-1)] = uint16(length)<<8 | uint16(h.symbols[at])
				}
			}
			h.largest[length] = code
			code, at = code+1, at+1
		}
		code <<= 1
	}
	for bits, e := range h.codes {
		if length := int(e >> 8); length > 0 {
			h.values[bits] = valueEntry(bits, length, byte(e))
			h.skips[bits] = h.skipEntry(bits)
		}
	}
}

// An entry of values that is at least wholeCode holds a coefficient: value + valueBase << 16 | run << 8 | bits. Zero
// stands for what does not fit, another entry below wholeCode for the end of a block, whose code has so many bits.
const (
	valueBase = 1 << 12
	wholeCode = 1 << 16
)

func valueEntry(bits, length int, symbol byte) int32 {
	run, size := int32(symbol>>4), int(symbol&15)
	switch {
	case symbol == 0:
		return int32(length)
	case size == 0 || length+size > lookupBits:
		return 0
	}
	raw := int32(bits) >> (lookupBits - length - size) & (1<<size - 1)
	return (extend(raw, size)+valueBase)<<16 | run<<8 | int32(length+size)
}

// skipEntry adds up the codes of a block that begin in the bits looked up. The value of the last may go beyond.
func (h *huffman) skipEntry(bits int) uint16 {
	used, coefficients := 0, 0
	for used < lookupBits {
		e := h.codes[bits<<used&(1<<lookupBits-1)]
		length, run, size := int(e>>8), int(e>>4&15), int(e&15)
		if length == 0 || length+used > lookupBits {
			break
		}
		if e&0xff == 0 { // end of block
			return lastCode | uint16(coefficients)<<8 | uint16(used+length)
		}
		if size == 0 && run != 15 || used+length+size > enough || coefficients+run+1 > 63 {
			break
		}
		used += length + size
		coefficients += run + 1
	}
	return uint16(coefficients)<<8 | uint16(used)
}
