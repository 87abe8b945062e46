package picture

// zigzag is the place of each coefficient in the order of T.81, figure A.6.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// The inverse cosine transform (T.81, A.3.3) is that of C. Loeffler, A. Ligtenberg and G. Moschytz, "Practical fast 1-D
// DCT algorithms with 11 multiplications" (1989), over columns and then over rows, in integers: the factors are times
// 2^13, and what goes from columns to rows is times 4. The common decoders in C compute so, the PDQ reference's too;
// where luminance is rounded alike, hashes are alike.
const (
	factorBits = 13
	middleBits = 2

	f0298 = 2446  // sqrt(2) * (-c1 + c3 + c5 - c7), where cn is cos(n * pi / 16)
	f0390 = 3196  // sqrt(2) * (c3 - c5)
	f0541 = 4433  // sqrt(2) * c6
	f0765 = 6270  // sqrt(2) * (c2 - c6)
	f0899 = 7373  // sqrt(2) * (c3 - c7)
	f1175 = 9633  // sqrt(2) * c3
	f1501 = 12299 // sqrt(2) * (c1 + c3 - c5 - c7)
	f1847 = 15137 // sqrt(2) * (c2 + c6)
	f1961 = 16069 // sqrt(2) * (c3 + c5)
	f2053 = 16819 // sqrt(2) * (c1 + c3 - c5 + c7)
	f2562 = 20995 // sqrt(2) * (c1 + c3)
	f3072 = 25172 // sqrt(2) * (c1 + c3 + c5 - c7)
)

// How much the sums of a pass are too large, and half of it for rounding. Pixels lie around 128.
const (
	columnShift, rowShift = factorBits - middleBits, factorBits + middleBits + 3
	columnHalf, rowHalf   = 1 << (columnShift - 1), 1<<(rowShift-1) + 128<<rowShift
)

// coefficients are the 64 of a block, in rows of four words: a word holds the columns x and x + 4, the first in its low
// 32 bits, so that one operation on it does two. What is negative in the low half is borrowed from the high half, and
// given back when they are parted.
type coefficients [32]int64

// place is where a coefficient goes: its word, and how far to shift it within.
type place struct{ word, shift uint8 }

// places are those of the coefficients in zigzag order (T.81, figure A.6).
var places = func() (p [64]place) {
	for k, i := range zigzag {
		p[k] = place{i/8*4 + i%4, i % 8 / 4 * 32}
	}
	return p
}()

func (c *coefficients) add(k int, v int32) {
	p := places[k&63]
	c[p.word&31] += int64(v) << (p.shift & 63)
}

func parted(word int64) (low, high int32) {
	low = int32(word)
	return low, int32((word - int64(low)) >> 32)
}

// lastOfCorner is the last index in zigzag order of coefficients that all lie in the first four rows and columns.
const lastOfCorner = 9

// transform makes the 8 x 8 pixels of a block whose coefficients end at last in zigzag order, and clears the block.
func transform(c *coefficients, last int, out []uint8, stride int) {
	if last == 0 {
		v := clip((int32(c[0])+4)>>3 + 128)
		for y := range 8 {
			row := out[y*stride : y*stride+8]
			for x := range row {
				row[x] = v
			}
		}
		c[0] = 0
		return
	}
	var b [32]int64
	if last <= lastOfCorner {
		for x := range 4 {
			cornerColumn(c, &b, x)
		}
		for y := range 4 {
			cornerRows((*[8]int64)(b[8*y:]), (*[8]uint8)(out[y*stride:]), (*[8]uint8)(out[(y+4)*stride:]))
		}
	} else {
		for x := range 4 {
			columns(c, &b, x)
		}
		for y := range 4 {
			rows((*[8]int64)(b[8*y:]), (*[8]uint8)(out[y*stride:]), (*[8]uint8)(out[(y+4)*stride:]))
		}
	}
	*c = coefficients{}
}

func clip(v int32) uint8 {
	if uint32(v) > 255 {
		return uint8(^v >> 31) // 0 below, 255 above
	}
	return uint8(v)
}

// columns transforms the columns x and x + 4. In b a word holds the rows y and y + 4.
func columns(c *coefficients, b *[32]int64, x int) {
	w := c[x:][:29]
	i0, i1, i2, i3, i4, i5, i6, i7 := w[0], w[4], w[8], w[12], w[16], w[20], w[24], w[28]
	const half = columnHalf<<32 + columnHalf
	z := (i2 + i6) * f0541
	low, high := z-i6*f1847, z+i2*f0765
	sum, diff := (i0+i4)<<factorBits+half, (i0-i4)<<factorBits+half
	e0, e1, e2, e3 := sum+high, diff+low, diff-low, sum-high
	z1, z2, z3, z4 := (i7+i1)*-f0899, (i5+i3)*-f2562, i7+i3, i5+i1
	z5 := (z3 + z4) * f1175
	z3, z4 = z5-z3*f1961, z5-z4*f0390
	o0, o1, o2, o3 := i1*f1501+z1+z4, i3*f3072+z2+z3, i5*f2053+z2+z4, i7*f0298+z1+z3
	to := b[x:][:29]
	to[0], to[4] = rowsOf(e0+o0, e3-o3)
	to[8], to[12] = rowsOf(e1+o1, e2-o2)
	to[16], to[20] = rowsOf(e2+o2, e1-o1)
	to[24], to[28] = rowsOf(e3+o3, e0-o0)
}

// rowsOf makes words that hold two rows of one column from words that hold two columns of one row.
func rowsOf(upper, lower int64) (left, right int64) {
	upperLeft, upperRight := parted(upper)
	lowerLeft, lowerRight := parted(lower)
	return int64(upperLeft>>columnShift) + int64(lowerLeft>>columnShift)<<32,
		int64(upperRight>>columnShift) + int64(lowerRight>>columnShift)<<32
}

// rows transforms the rows y and y + 4.
func rows(in *[8]int64, upper, lower *[8]uint8) {
	i0, i1, i2, i3, i4, i5, i6, i7 := in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7]
	const half = rowHalf<<32 + rowHalf
	z := (i2 + i6) * f0541
	low, high := z-i6*f1847, z+i2*f0765
	sum, diff := (i0+i4)<<factorBits+half, (i0-i4)<<factorBits+half
	e0, e1, e2, e3 := sum+high, diff+low, diff-low, sum-high
	z1, z2, z3, z4 := (i7+i1)*-f0899, (i5+i3)*-f2562, i7+i3, i5+i1
	z5 := (z3 + z4) * f1175
	z3, z4 = z5-z3*f1961, z5-z4*f0390
	o0, o1, o2, o3 := i1*f1501+z1+z4, i3*f3072+z2+z3, i5*f2053+z2+z4, i7*f0298+z1+z3
	upper[0], lower[0] = pixels(e0 + o0)
	upper[7], lower[7] = pixels(e0 - o0)
	upper[1], lower[1] = pixels(e1 + o1)
	upper[6], lower[6] = pixels(e1 - o1)
	upper[2], lower[2] = pixels(e2 + o2)
	upper[5], lower[5] = pixels(e2 - o2)
	upper[3], lower[3] = pixels(e3 + o3)
	upper[4], lower[4] = pixels(e3 - o3)
}

func pixels(word int64) (upper, lower uint8) {
	low, high := parted(word)
	return clip(low >> rowShift), clip(high >> rowShift)
}

// cornerColumn and cornerRows are the passes for four coefficients that may not be zero. The high halves of the first
// are zero: the columns x + 4 are.
func cornerColumn(c *coefficients, b *[32]int64, x int) {
	i0, i1, i2, i3 := c[x], c[x+4], c[x+8], c[x+12]
	low, high := i2*f0541, i2*(f0541+f0765)
	base := i0<<factorBits + columnHalf
	e0, e1, e2, e3 := base+high, base+low, base-low, base-high
	o0, o1, o2, o3 := cornerOdd(i1, i3)
	b[x] = (e0+o0)>>columnShift + (e3-o3)>>columnShift<<32
	b[x+8] = (e1+o1)>>columnShift + (e2-o2)>>columnShift<<32
	b[x+16] = (e2+o2)>>columnShift + (e1-o1)>>columnShift<<32
	b[x+24] = (e3+o3)>>columnShift + (e0-o0)>>columnShift<<32
}

func cornerRows(in *[8]int64, upper, lower *[8]uint8) {
	const half = rowHalf<<32 + rowHalf
	low, high := in[2]*f0541, in[2]*(f0541+f0765)
	base := in[0]<<factorBits + half
	e0, e1, e2, e3 := base+high, base+low, base-low, base-high
	o0, o1, o2, o3 := cornerOdd(in[1], in[3])
	upper[0], lower[0] = pixels(e0 + o0)
	upper[7], lower[7] = pixels(e0 - o0)
	upper[1], lower[1] = pixels(e1 + o1)
	upper[6], lower[6] = pixels(e1 - o1)
	upper[2], lower[2] = pixels(e2 + o2)
	upper[5], lower[5] = pixels(e2 - o2)
	upper[3], lower[3] = pixels(e3 + o3)
	upper[4], lower[4] = pixels(e3 - o3)
}

func cornerOdd(i1, i3 int64) (o0, o1, o2, o3 int64) {
	return i1*(f1501-f0899+f1175-f0390) + i3*f1175,
		i1*f1175 + i3*(f3072-f2562+f1175-f1961),
		i1*(f1175-f0390) + i3*(f1175-f2562),
		i1*(f1175-f0899) + i3*(f1175-f1961)
}
