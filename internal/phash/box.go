package phash

// The box filter of PDQ after W. Jarosz, "Fast Image Convolutions" (2001): a running sum, to which the pixel that
// enters the window is added before the one that leaves is taken away. Sums are float32 and carry their rounding
// from pixel to pixel, so the order of every addition is part of the exchange format.

// boxSteps are the lengths of the four phases over a line: fill the window, write while it grows, write while it
// moves, write while it shrinks.
func boxSteps(length, window int) (fill, grow, move, ebb int) {
	half := (window + 2) / 2
	return half - 1, window - half + 1, length - window, half - 1
}

// boxAlongRows takes four rows at a time, since each sum waits only for the one before it in its own row.
func boxAlongRows(in, out grid, window int) {
	i := 0
	for ; i+4 <= in.rows; i += 4 {
		boxLines(in, out, i, window)
	}
	for ; i < in.rows; i++ {
		boxLine(in.row(i), out.row(i), window)
	}
}

func boxLine(in, out []float32, window int) {
	fill, grow, move, ebb := boxSteps(len(in), window)
	sum := boxBegin(in, out, fill, grow)
	entering, leaving, mid := in[window:], in[:move], out[grow:grow+move]
	width := float32(window)
	for k := range mid {
		sum += entering[k]
		sum -= leaving[k]
		mid[k] = sum / width
	}
	boxEnd(sum, in[move:], out[grow+move:], window, ebb)
}

// boxLines does what boxLine does to the four rows from i on.
func boxLines(in, out grid, i, window int) {
	fill, grow, move, ebb := boxSteps(in.cols, window)
	var sums [4]float32
	var entering, leaving, mid [4][]float32
	for l := range sums {
		line, result := in.row(i+l), out.row(i+l)
		sums[l] = boxBegin(line, result, fill, grow)
		entering[l], leaving[l], mid[l] = line[window:][:move], line[:move], result[grow:][:move]
	}
	e0, e1, e2, e3 := entering[0], entering[1], entering[2], entering[3]
	l0, l1, l2, l3 := leaving[0][:len(e0)], leaving[1][:len(e0)], leaving[2][:len(e0)], leaving[3][:len(e0)]
	m0, m1, m2, m3 := mid[0][:len(e0)], mid[1][:len(e0)], mid[2][:len(e0)], mid[3][:len(e0)]
	e1, e2, e3 = e1[:len(e0)], e2[:len(e0)], e3[:len(e0)]
	s0, s1, s2, s3 := sums[0], sums[1], sums[2], sums[3]
	width := float32(window)
	for k := range e0 {
		s0, s1, s2, s3 = s0+e0[k], s1+e1[k], s2+e2[k], s3+e3[k]
		s0, s1, s2, s3 = s0-l0[k], s1-l1[k], s2-l2[k], s3-l3[k]
		m0[k], m1[k], m2[k], m3[k] = s0/width, s1/width, s2/width, s3/width
	}
	for l, sum := range [4]float32{s0, s1, s2, s3} {
		boxEnd(sum, in.row(i + l)[move:], out.row(i + l)[grow+move:], window, ebb)
	}
}

// boxBegin fills the window and writes while it grows.
func boxBegin(in, out []float32, fill, grow int) (sum float32) {
	for _, v := range in[:fill] {
		sum += v
	}
	for o := range grow {
		sum += in[fill+o]
		out[o] = sum / float32(fill+o+1)
	}
	return sum
}

// boxEnd writes while the window shrinks.
func boxEnd(sum float32, in, out []float32, window, ebb int) {
	for k := range ebb {
		sum -= in[k]
		out[k] = sum / float32(window-k-1)
	}
}

// boxAlongCols does to all columns at once what boxLine does to one line.
func boxAlongCols(in, out grid, window int) {
	fill, grow, move, ebb := boxSteps(in.rows, window)
	sums := make([]float32, in.cols)
	for i := range fill {
		addTo(sums, in.row(i))
	}
	for o := range grow {
		addTo(sums, in.row(fill+o))
		writeMean(out.row(o), sums, fill+o+1)
	}
	for k := range move {
		moveOn(sums, in.row(window+k), in.row(k))
		writeMean(out.row(grow+k), sums, window)
	}
	for k := range ebb {
		takeFrom(sums, in.row(move+k))
		writeMean(out.row(grow+move+k), sums, window-k-1)
	}
}

func addTo(sums, row []float32) {
	for j := range sums {
		sums[j] += row[j]
	}
}

func takeFrom(sums, row []float32) {
	for j := range sums {
		sums[j] -= row[j]
	}
}

func moveOn(sums, entering, leaving []float32) {
	entering, leaving = entering[:len(sums)], leaving[:len(sums)]
	for j := range sums {
		sums[j] = sums[j] + entering[j] - leaving[j]
	}
}

// writeMean divides by n. For a power of two, which it is for most pictures, multiplying is the same and faster.
func writeMean(out, sums []float32, n int) {
	out = out[:len(sums)]
	if n&(n-1) == 0 {
		part := 1 / float32(n)
		for j, sum := range sums {
			out[j] = sum * part
		}
		return
	}
	for j, sum := range sums {
		out[j] = sum / float32(n)
	}
}
