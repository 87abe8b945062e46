package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
)

// Of a JPEG we want the luminance, which is coded apart from the colours. This decoder reads the coded colours of a
// sequential picture only to get past them, goes over the scans of a progressive one that hold nothing else, and
// transforms luminance alone: T.81 is ITU-T Recommendation T.81 (1992).
//
// It knows what cameras, editors and servers write: 8 bits, Huffman codes, one component or three as Y, Cb, Cr, with
// luminance at full size. Of all else, and wherever anything is amiss, it says errUnusual and image/jpeg judges.

var errUnusual = errors.New("not a JPEG that the decoder of luminance knows, or a damaged one")

// The markers that we act upon (T.81, table B.1).
const (
	markerSOF0, markerSOF1, markerSOF2 = 0xc0, 0xc1, 0xc2
	markerDHT, markerSOS, markerDQT    = 0xc4, 0xda, 0xdb
	markerDRI, markerEOI, markerAdobe  = 0xdd, 0xd9, 0xee
)

// jpegDecoder is the state of decoding one file.
type jpegDecoder struct {
	data          []byte // from behind the marker that was read last
	width, height int
	progressive   bool
	parts         []jpegPart // luminance first
	mcusX, mcusY  int        // units in which the components of a scan are interleaved (T.81, A.2)
	quants        [4]*[64]int32
	tables        [2][4]*huffman // for DC, for AC
	restart       int            // units between two restart markers, or none
	notYCbCr      bool           // an Adobe segment says that the components are no Y, Cb, Cr

	plane        *image.Gray // its rows are whole blocks long
	coefficients []int16     // of a progressive picture, 64 for each block, in zigzag order
	scanned      bool        // luminance was
}

// jpegPart is one component.
type jpegPart struct {
	id, quant     byte
	h, v          int // blocks in a unit
	blocksX       int // of all units of a row
	wideX, wideY  int // blocks that the component has when it is alone in a scan (T.81, A.2.2)
	dcTable, acTb byte
	dc            int32
}

// luminance is a JPEG of which the luminance was decoded, and the file for the colours.
type luminance struct {
	*image.Gray
	data []byte
}

// coloured decodes the file again. If that fails, which this decoder alone can forgive, grey is what there is.
func (l luminance) coloured() image.Image {
	img, err := jpeg.Decode(bytes.NewReader(l.data))
	if err != nil {
		return l.Gray
	}
	return img
}

// decodeLuma gives the luminance of a JPEG, or errUnusual.
func decodeLuma(data []byte) (*image.Gray, error) {
	d := &jpegDecoder{data: data[2:]}
	for {
		marker, after, ok := nextMarker(d.data)
		if !ok {
			return nil, errUnusual
		}
		if d.data = after; marker == markerEOI {
			break
		}
		if marker >= 0xd0 && marker <= 0xd7 { // a restart that no scan waits for
			continue
		}
		if len(after) < 2 || int(binary.BigEndian.Uint16(after)) < 2 || int(binary.BigEndian.Uint16(after)) > len(after) {
			return nil, errUnusual
		}
		size := int(binary.BigEndian.Uint16(after))
		d.data = after[size:]
		if !d.segment(marker, after[2:size]) {
			return nil, errUnusual
		}
	}
	if !d.scanned || len(d.parts) == 3 && d.notYCbCr {
		return nil, errUnusual
	}
	if d.progressive && !d.transformAll() {
		return nil, errUnusual
	}
	return d.plane, nil
}

func (d *jpegDecoder) segment(marker byte, b []byte) bool {
	switch {
	case marker == markerDQT:
		return d.defineQuants(b)
	case marker == markerDHT:
		return d.defineTables(b)
	case marker == markerDRI:
		if len(b) != 2 {
			return false
		}
		d.restart = int(binary.BigEndian.Uint16(b))
	case marker == markerAdobe && bytes.HasPrefix(b, []byte("Adobe")) && len(b) >= 12:
		d.notYCbCr = b[11] != 1
	case marker == markerSOF0 || marker == markerSOF1 || marker == markerSOF2:
		d.progressive = marker == markerSOF2
		return d.frame(b)
	case marker == markerSOS:
		return d.scan(b)
	default: // applications' segments and comments tell nothing of pixels; all others do
		return marker >= 0xe0 && marker <= 0xef || marker == 0xfe
	}
	return true
}

// defineQuants reads tables of 8 or 16 bits (T.81, B.2.4.1), which are in zigzag order.
func (d *jpegDecoder) defineQuants(b []byte) bool {
	for len(b) > 0 {
		wide, id := int(b[0]>>4), b[0]&15
		if wide > 1 || id > 3 || len(b) < 1+64*(wide+1) {
			return false
		}
		q := new([64]int32)
		for i := range q {
			if wide == 1 {
				q[i] = int32(binary.BigEndian.Uint16(b[1+2*i:]))
			} else {
				q[i] = int32(b[1+i])
			}
		}
		d.quants[id], b = q, b[1+64*(wide+1):]
	}
	return true
}

func (d *jpegDecoder) defineTables(b []byte) bool {
	for len(b) > 0 {
		class, id := b[0]>>4, b[0]&15
		if class > 1 || id > 3 {
			return false
		}
		h, n := newHuffman(b[1:])
		if h == nil {
			return false
		}
		d.tables[class][id], b = h, b[1+n:]
	}
	return true
}

// frame reads what the picture is made of (T.81, B.2.2) and makes room for it.
func (d *jpegDecoder) frame(b []byte) bool {
	if d.parts != nil || len(b) < 6 || b[0] != 8 || len(b) != 6+3*int(b[5]) || (b[5] != 1 && b[5] != 3) {
		return false
	}
	d.height, d.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if checkSize(d.width, d.height) != nil {
		return false
	}
	for c := b[6:]; len(c) > 0; c = c[3:] {
		p := jpegPart{id: c[0], h: int(c[1] >> 4), v: int(c[1] & 15), quant: c[2]}
		if p.h < 1 || p.v < 1 || p.h > 4 || p.v > 4 || p.quant > 3 {
			return false
		}
		d.parts = append(d.parts, p)
	}
	if len(d.parts) == 1 {
		d.parts[0].h, d.parts[0].v = 1, 1
	}
	if len(d.parts) == 3 && string([]byte{d.parts[0].id, d.parts[1].id, d.parts[2].id}) == "RGB" {
		return false
	}
	return d.layOut()
}

// layOut counts the blocks. Luminance must be the component of the most samples.
func (d *jpegDecoder) layOut() bool {
	y := &d.parts[0]
	d.mcusX, d.mcusY = (d.width+8*y.h-1)/(8*y.h), (d.height+8*y.v-1)/(8*y.v)
	for i := range d.parts {
		p := &d.parts[i]
		if y.h%p.h != 0 || y.v%p.v != 0 {
			return false
		}
		p.blocksX = d.mcusX * p.h
		p.wideX = ((d.width*p.h+y.h-1)/y.h + 7) / 8
		p.wideY = ((d.height*p.v+y.v-1)/y.v + 7) / 8
	}
	stride, rows := 8*y.blocksX, 8*d.mcusY*y.v
	d.plane = &image.Gray{Pix: make([]uint8, stride*rows), Stride: stride, Rect: image.Rect(0, 0, d.width, d.height)}
	if d.progressive {
		d.coefficients = make([]int16, stride*rows)
	}
	return true
}
