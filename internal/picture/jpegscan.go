package picture

// jpegScan is one scan: which components it holds, and of a progressive one which coefficients and bits of them.
type jpegScan struct {
	parts     []*jpegPart
	from, to  int // coefficients in zigzag order (T.81, G.1.1.1)
	high, low uint
	eobRun    int // blocks to come that end at once (T.81, G.1.2.2)
	luma      *jpegPart
	dc        [4]*huffman
	ac        [4]*huffman
	r         bitReader
	quant     *[64]int32
	block     coefficients
	unitsX    int
	unitsY    int
}

// scan reads the header of a scan (T.81, B.2.3) and the coded data behind it. Data that hold no luminance are left
// to the search for the next marker.
func (d *jpegDecoder) scan(b []byte) bool {
	if d.parts == nil || len(b) < 4 || int(b[0]) < 1 || int(b[0]) > len(d.parts) || len(b) != 4+2*int(b[0]) {
		return false
	}
	s := jpegScan{r: bitReader{data: d.data}, from: int(b[len(b)-3]), to: int(b[len(b)-2]), high: uint(b[len(b)-1] >> 4), low: uint(b[len(b)-1] & 15)}
	for c := b[1 : len(b)-3]; len(c) > 0; c = c[2:] {
		p := d.part(c[0])
		if p == nil || c[1]>>4 > 3 || c[1]&15 > 3 {
			return false
		}
		p.dcTable, p.acTb, p.dc = c[1]>>4, c[1]&15, 0
		if p == &d.parts[0] {
			s.luma = p
		}
		s.parts = append(s.parts, p)
	}
	if s.luma == nil {
		return true
	}
	d.scanned = true
	if !s.allowed(d.progressive) || !s.takeTables(d) {
		return false
	}
	s.unitsX, s.unitsY = d.mcusX, d.mcusY
	if len(s.parts) == 1 {
		s.unitsX, s.unitsY = s.luma.wideX, s.luma.wideY
	}
	if !s.readUnits(d) {
		return false
	}
	d.data = d.data[s.r.pos:]
	return true
}

func (d *jpegDecoder) part(id byte) *jpegPart {
	for i := range d.parts {
		if d.parts[i].id == id {
			return &d.parts[i]
		}
	}
	return nil
}

// allowed holds the numbers of a scan against T.81, table B.3. A sequential scan's say nothing.
func (s *jpegScan) allowed(progressive bool) bool {
	if !progressive {
		s.from, s.to, s.high, s.low = 0, 63, 0, 0
		return true
	}
	if s.from == 0 {
		return s.to == 0 && s.low <= 13 && (s.high == 0 || s.high == s.low+1)
	}
	return s.from <= s.to && s.to <= 63 && len(s.parts) == 1 && s.low <= 13 && (s.high == 0 || s.high == s.low+1)
}

// takeTables takes those that are defined now, for a file may define others later.
func (s *jpegScan) takeTables(d *jpegDecoder) bool {
	for _, p := range s.parts {
		dc, ac := d.tables[0][p.dcTable], d.tables[1][p.acTb]
		needsDC, needsAC := s.from == 0 && s.high == 0, s.to > 0
		if needsDC && dc == nil || needsAC && ac == nil {
			return false
		}
		if needsDC {
			dc.prepare()
			s.dc[p.dcTable] = dc
		}
		if needsAC {
			ac.prepare()
			s.ac[p.acTb] = ac
		}
	}
	s.quant = d.quants[s.luma.quant]
	return s.quant != nil || d.progressive
}

// readUnits goes through the coded data, unit by unit.
func (s *jpegScan) readUnits(d *jpegDecoder) bool {
	total := s.unitsX * s.unitsY
	for unit := range total {
		if d.restart > 0 && unit > 0 && unit%d.restart == 0 {
			if !s.r.restart(unit/d.restart - 1) {
				return false
			}
			s.eobRun = 0
			for _, p := range s.parts {
				p.dc = 0
			}
		}
		x, y := unit%s.unitsX, unit/s.unitsX
		if !s.readUnit(d, x, y) || x == 0 && s.r.overrun() {
			return false
		}
	}
	return !s.r.overrun()
}

// readUnit reads the blocks of each component, row by row, or the one block of a component that is alone.
func (s *jpegScan) readUnit(d *jpegDecoder, x, y int) bool {
	if len(s.parts) == 1 {
		return s.readLuma(d, x, y)
	}
	for _, p := range s.parts {
		for v := range p.v {
			for h := range p.h {
				ok := false
				if p == s.luma {
					ok = s.readLuma(d, x*p.h+h, y*p.v+v)
				} else {
					ok = s.skipBlock(p)
				}
				if !ok {
					return false
				}
			}
		}
	}
	return true
}

// readLuma reads one block of luminance, and of a sequential picture makes its pixels.
func (s *jpegScan) readLuma(d *jpegDecoder, x, y int) bool {
	if d.progressive {
		i := 64 * (y*s.luma.blocksX + x)
		return s.refine((*[64]int16)(d.coefficients[i : i+64]))
	}
	last, ok := s.sequentialBlock(s.luma)
	if !ok {
		return false
	}
	transform(&s.block, last, d.plane.Pix[8*(y*d.plane.Stride+x):], d.plane.Stride)
	return true
}

// nextDC adds the difference to the component's last DC coefficient (T.81, F.2.2.1).
func (s *jpegScan) nextDC(p *jpegPart) bool {
	if s.r.n < enough {
		s.r.fill()
	}
	table := s.dc[p.dcTable]
	if e := table.values[s.r.acc>>(64-lookupBits)]; e >= wholeCode && e>>8&15 == 0 {
		s.r.acc <<= uint(e) & 63
		s.r.n -= int(e & 63)
		p.dc += e>>16 - valueBase
		return true
	}
	size, ok := s.r.symbol(table)
	if !ok || size > 15 {
		return false
	}
	p.dc += extend(s.r.bits(int(size)), int(size))
	return true
}

// sequentialBlock reads a block (T.81, F.2.2.2) into s.block, each coefficient times its quantum and in its place. It
// gives the index of the last one in zigzag order. The reader's state is held in variables, and the code and value
// of most coefficients are looked up in one step.
func (s *jpegScan) sequentialBlock(p *jpegPart) (last int, ok bool) {
	if !s.nextDC(p) {
		return 0, false
	}
	s.block.add(0, p.dc*s.quant[0])
	table, quant, block := s.ac[p.acTb], s.quant, &s.block
	acc, n := s.r.acc, s.r.n
	for k := 1; k < 64; k++ {
		if n < enough {
			s.r.acc, s.r.n = acc, n
			s.r.fill()
			acc, n = s.r.acc, s.r.n
		}
		e := table.values[acc>>(64-lookupBits)]
		if e >= wholeCode {
			acc <<= uint(e) & 63
			n -= int(e & 63)
			if k += int(e >> 8 & 15); k > 63 {
				return 0, false
			}
			block.add(k, (e>>16-valueBase)*quant[k&63])
			last = k
			continue
		}
		s.r.acc, s.r.n = acc, n
		if e != 0 { // end of block
			s.r.acc <<= uint(e) & 63
			s.r.n -= int(e & 63)
			return last, true
		}
		symbol, found := s.r.symbol(table)
		size, run := int(symbol&15), int(symbol>>4)
		if !found || size == 0 && run != 0 && run != 15 {
			return 0, false
		}
		if symbol == 0 {
			return last, true
		}
		value := extend(s.r.bits(size), size)
		acc, n = s.r.acc, s.r.n
		if k += run; k > 63 {
			return 0, false
		}
		if size > 0 {
			block.add(k, value*quant[k&63])
			last = k
		}
	}
	s.r.acc, s.r.n = acc, n
	return last, true
}

// skipBlock goes over a block of colour, several codes at a step. Of a progressive picture it holds the DC alone.
func (s *jpegScan) skipBlock(p *jpegPart) bool {
	if s.high > 0 {
		s.r.bits(1)
		return true
	}
	if !s.nextDC(p) {
		return false
	}
	if s.to == 0 {
		return true
	}
	table := s.ac[p.acTb]
	for k := 1; k < 64; {
		if s.r.n < enough {
			s.r.fill()
		}
		e := table.skips[s.r.acc>>(64-lookupBits)]
		// A block of 64 has no end marked, so an end behind it is of the next block.
		if step := int(e >> 8 & 63); e != 0 && k+step+int(e>>15) <= 64 {
			s.r.acc <<= uint(e) & 63
			s.r.n -= int(e & 63)
			if k += step; e&lastCode != 0 {
				return true
			}
			continue
		}
		symbol, found := s.r.symbol(table)
		size, run := int(symbol&15), int(symbol>>4)
		if symbol == 0 && found {
			return true
		}
		if !found || size == 0 && run != 15 {
			return false
		}
		s.r.bits(size)
		if k += run + 1; k > 64 {
			return false
		}
	}
	return true
}
