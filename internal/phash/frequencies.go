package phash

import "reprise/internal/picture"

// frequencies are the sixteen lowest frequencies, but for the constant one, in both directions: row i and column j
// hold frequency i+1 downwards and j+1 to the right.
type frequencies [pdqFreqs][pdqFreqs]float32

// transform is D * cells * D' for a square of cells and the sixteen rows of D, summed in the order of the PDQ
// reference and without fused multiply-add.
func transform(cells, matrix [][]float32) *frequencies {
	var out frequencies
	half := make([]float32, len(cells))
	for i := range out {
		clear(half)
		for k, d := range matrix[i] {
			for j, a := range cells[k] {
				half[j] += float32(d * a)
			}
		}
		for j := range out[i] {
			var sum float32
			for k, t := range half {
				sum += float32(t * matrix[j][k])
			}
			out[i][j] = sum
		}
	}
	return &out
}

// hash sets a bit for each frequency above the lower median.
func (f *frequencies) hash() (hash Hash256) {
	var values [pdqFreqs * pdqFreqs]float32
	for i := range f {
		copy(values[i*pdqFreqs:], f[i][:])
	}
	ordered := values
	median := lowerMedian(ordered[:])
	for k, v := range values {
		if v > median {
			hash.setBit(k)
		}
	}
	return hash
}

// detail is the median size of a frequency.
func (f *frequencies) detail() float32 {
	var sizes [pdqFreqs * pdqFreqs]float32
	for i := range f {
		for j, v := range f[i] {
			sizes[i*pdqFreqs+j] = max(v, -v)
		}
	}
	return lowerMedian(sizes[:])
}

// turned gives the frequencies of the same cells after a turn. Mirroring changes the sign of the odd frequencies and
// nothing else, because the cells lie evenly around their middle; the hash is then split at a median of its own.
func (f *frequencies) turned(t picture.Turn) *frequencies {
	var out frequencies
	for i := range f {
		for j := range f[i] {
			v := f[i][j]
			if t.Transpose {
				v = f[j][i]
			}
			// The first row holds an odd frequency.
			if t.Upend && i%2 == 0 {
				v = -v
			}
			if t.Mirror && j%2 == 0 {
				v = -v
			}
			out[i][j] = v
		}
	}
	return &out
}

// variants are the hashes of the cells turned each way.
func (f *frequencies) variants() (all [Variants]Hash256) {
	for v, t := range turns {
		all[v] = f.turned(t).hash()
	}
	return all
}

// lowerMedian gives the lower one of the two middle values, and puts the values out of their order (C. A. R. Hoare,
// "Algorithm 65: FIND", 1961).
func lowerMedian(values []float32) float32 {
	low, high, middle := 0, len(values)-1, (len(values)-1)/2
	for low < high {
		pivot, i, j := values[middle], low, high
		for i <= j {
			for values[i] < pivot {
				i++
			}
			for pivot < values[j] {
				j--
			}
			if i <= j {
				values[i], values[j] = values[j], values[i]
				i, j = i+1, j-1
			}
		}
		if j < middle {
			low = i
		}
		if middle < i {
			high = j
		}
	}
	return values[middle]
}
