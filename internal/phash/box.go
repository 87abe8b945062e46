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

func boxAlongRows(in, out grid, window int) {
	for i := range in.rows {
		boxLine(in.row(i), out.row(i), window)
	}
}

func boxLine(in, out []float32, window int) {
	fill, grow, move, ebb := boxSteps(len(in), window)
	var sum float32
	for _, v := range in[:fill] {
		sum += v
	}
	for o := range grow {
		sum += in[fill+o]
		out[o] = sum / float32(fill+o+1)
	}
	entering, leaving, mid := in[window:], in[:move], out[grow:grow+move]
	width := float32(window)
	for k := range mid {
		sum += entering[k]
		sum -= leaving[k]
		mid[k] = sum / width
	}
	for k := range ebb {
		sum -= in[move+k]
		out[grow+move+k] = sum / float32(window-k-1)
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
