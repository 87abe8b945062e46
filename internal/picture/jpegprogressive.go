package picture

// refine reads what one scan of a progressive picture says of a block (T.81, annex G).
func (s *jpegScan) refine(b *[64]int16) bool {
	switch {
	case s.from == 0 && s.high == 0:
		if !s.nextDC(s.luma) {
			return false
		}
		b[0] = int16(s.luma.dc << s.low)
		return true
	case s.from == 0:
		b[0] |= int16(s.r.bits(1) << s.low)
		return true
	case s.high == 0:
		return s.firstAC(b)
	}
	return s.refineAC(b)
}

// firstAC reads the first bits of a band of coefficients (T.81, G.1.2.2).
func (s *jpegScan) firstAC(b *[64]int16) bool {
	if s.eobRun > 0 {
		s.eobRun--
		return true
	}
	table := s.ac[s.luma.acTb]
	for k := s.from; k <= s.to; k++ {
		symbol, found := s.r.symbol(table)
		if !found {
			return false
		}
		run, size := int(symbol>>4), int(symbol&15)
		if size == 0 && run < 15 {
			s.eobRun = 1<<run | int(s.r.bits(run))
			s.eobRun--
			return true
		}
		if k += run; size == 0 {
			continue
		}
		value := extend(s.r.bits(size), size)
		if k > s.to {
			return false
		}
		b[k] = int16(value << s.low)
	}
	return true
}

// refineAC reads one more bit of a band of coefficients (T.81, G.1.2.3): of those that were not zero already their
// next bit, and between them those that become one or minus one in the place of this bit.
func (s *jpegScan) refineAC(b *[64]int16) bool {
	table, unit := s.ac[s.luma.acTb], int16(1)<<s.low
	k := s.from
	for s.eobRun == 0 && k <= s.to {
		symbol, found := s.r.symbol(table)
		if !found {
			return false
		}
		run, fresh := int(symbol>>4), int16(0)
		switch symbol & 15 {
		case 0:
			if run < 15 {
				s.eobRun = 1<<run | int(s.r.bits(run))
			}
		case 1:
			if fresh = unit; s.r.bits(1) == 0 {
				fresh = -unit
			}
		default:
			return false
		}
		if s.eobRun > 0 {
			break
		}
		if k = s.correct(b, k, run, unit); fresh != 0 {
			if k > s.to {
				return false
			}
			b[k] = fresh
		}
		k++
	}
	if s.eobRun > 0 {
		s.eobRun--
		s.correct(b, k, 64, unit)
	}
	return true
}

// correct reads the next bit of each coefficient that is not zero, from k until it has passed as many zeros as are
// given and stands on one more, or is beyond the band.
func (s *jpegScan) correct(b *[64]int16, k, zeros int, unit int16) int {
	for ; k <= s.to; k++ {
		if b[k] == 0 {
			if zeros == 0 {
				break
			}
			zeros--
			continue
		}
		if s.r.bits(1) == 0 {
			continue
		}
		if b[k] > 0 {
			b[k] += unit
		} else {
			b[k] -= unit
		}
	}
	return k
}

// transformAll makes the pixels of a progressive picture once all its scans are read.
func (d *jpegDecoder) transformAll() bool {
	p := &d.parts[0]
	quant := d.quants[p.quant]
	if quant == nil {
		return false
	}
	var block coefficients
	for y := range p.wideY {
		for x := range p.wideX {
			at := 64 * (y*p.blocksX + x)
			last := 0
			for k, v := range (*[64]int16)(d.coefficients[at : at+64]) {
				if v != 0 {
					block.add(k, int32(v)*quant[k])
					last = k
				}
			}
			transform(&block, last, d.plane.Pix[8*(y*d.plane.Stride+x):], d.plane.Stride)
		}
	}
	return true
}
