package keypoints

// A patch is divided into 2 x 2, 3 x 3 and 4 x 4 cells. Each cell has a sum of brightness, a slope along and a slope
// across the direction of the point: 3 x 29 values, numbered by kind, then by division, then in reading order.
const (
	cells  = 2*2 + 3*3 + 4*4
	slopes = 2 * cells // from here on: slopes across
	coarse = 2         // the coarsest division
	finest = 4         // the finest
)

// values of a patch. A slope along is the sum over the half of the cell with the greater i minus that over the half
// with the smaller i (a middle column counts for neither); a slope across, the same with j.
func values(patch *[samples][samples]int32) [3 * cells]int32 {
	var out [3 * cells]int32
	at := 0
	for n := coarse; n <= finest; n++ {
		side := samples / n
		for cell := range n * n {
			top, left := cell/n*side, cell%n*side
			for j := range side {
				for i := range side {
					v := patch[top+j][left+i]
					out[at] += v
					out[at+cells] += v * half(i, side)
					out[at+slopes] += v * half(j, side)
				}
			}
			at++
		}
	}
	return out
}

// half tells on which half of a side a step lies: -1, 1, or 0 for the middle.
func half(i, side int) int32 {
	switch {
	case 2*i+1 < side:
		return -1
	case 2*i+1 > side:
		return 1
	}
	return 0
}

// twins gives the two values that take the places of a and b when the picture is mirrored: the cells on the other side
// of the direction. Slopes across change their sign then, so that the two change places.
func twins(a, b uint8) (uint8, uint8) {
	if a >= slopes {
		a, b = b, a
	}
	return twin(a), twin(b)
}

func twin(v uint8) uint8 {
	at, n := v%cells, uint8(coarse)
	for ; at >= n*n; n++ {
		at -= n * n
	}
	return v - at + (n-1-at/n)*n + at%n
}

// pairs are the values that a description compares: bit 2k is pair k, bit 2k+1 its twins, so that the description of a
// mirrored picture is that of the picture with neighbouring bits exchanged. They were chosen once, on a quarter of the
// test photographs and edits of them, among the pairs of one kind and division which differ from their twins: the
// steadiest between copies first (bits that differ, over those expected by chance), each taken if it equals no
// earlier one in more than 79 % or less than 21 % of the points. The order matters: Compare looks at the first 64 bits first.
var pairs = [128][2]uint8{
	{4, 8}, {18, 23}, {6, 8}, {5, 8}, {29, 30}, {14, 19}, {29, 32}, {17, 22}, {47, 48}, {19, 24}, {5, 7}, {16, 23},
	{15, 23}, {13, 22}, {5, 9}, {58, 61}, {15, 19}, {14, 18}, {14, 22}, {63, 66}, {35, 37}, {4, 7}, {6, 9}, {33, 37},
	{13, 26}, {34, 38}, {76, 81}, {15, 28}, {34, 36}, {34, 37}, {44, 47}, {47, 49}, {44, 51}, {43, 52}, {13, 14}, {58, 59},
	{48, 49}, {13, 27}, {46, 48}, {46, 47}, {62, 66}, {15, 16}, {63, 67}, {46, 52}, {46, 51}, {63, 65}, {64, 66}, {43, 51},
	{76, 77}, {72, 80}, {77, 82}, {33, 38}, {35, 36}, {73, 77}, {33, 40}, {73, 81}, {76, 82}, {73, 80}, {62, 69}, {44, 52},
	{45, 51}, {75, 81}, {72, 81}, {63, 70}, {43, 44}, {75, 77}, {72, 76}, {73, 76}, {76, 78}, {75, 80}, {43, 56}, {43, 49},
	{45, 52}, {72, 77}, {62, 67}, {62, 65}, {44, 48}, {33, 41}, {33, 35}, {64, 65}, {74, 81}, {74, 80}, {64, 67}, {43, 46},
	{46, 53}, {44, 46}, {71, 80}, {71, 81}, {44, 49}, {43, 47}, {74, 77}, {71, 76}, {72, 85}, {77, 78}, {62, 70}, {74, 76},
	{75, 76}, {62, 63}, {42, 44}, {75, 82}, {71, 77}, {43, 57}, {63, 64}, {73, 79}, {43, 50}, {72, 82}, {73, 82}, {73, 78},
	{42, 56}, {75, 78}, {72, 75}, {72, 79}, {73, 75}, {62, 64}, {42, 43}, {72, 78}, {44, 57}, {35, 38}, {42, 55}, {33, 36},
	{71, 85}, {71, 79}, {72, 86}, {71, 84}, {73, 86}, {74, 82}, {74, 79}, {71, 82},
}
