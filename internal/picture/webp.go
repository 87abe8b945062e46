package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"

	"golang.org/x/image/vp8"
	"golang.org/x/image/vp8l"
)

// WebP is a RIFF file (RFC 9649) around one VP8 or VP8L picture, or around frames that hold one each. We find the
// first and give it to its decoder: so a moving picture is hashed by its first frame, and alpha planes and
// colour profiles are never looked at.

var errWebP = errors.New("no picture in the WebP file")

const (
	riffHeader    = 12 // "RIFF", length, "WEBP"
	chunkHeader   = 8  // name, length
	frameHeader   = 16 // place, size and duration of a frame
	canvasPayload = 10 // flags, width and height of the canvas
)

// webpPicture is the first picture of a file: the name of its coding, its bytes, and the canvas if one is declared.
type webpPicture struct {
	coding  string
	payload []byte
	canvas  image.Point
	moving  bool
}

func isWebP(data []byte) bool {
	return len(data) > riffHeader && string(data[:4]) == "RIFF" && string(data[8:riffHeader]) == "WEBP"
}

// findWebP finds the first VP8 or VP8L chunk, going into the first frame if there is one.
func findWebP(data []byte) (p webpPicture, err error) {
	rest := data[riffHeader:]
	for len(rest) >= chunkHeader {
		name, size := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[chunkHeader:]
		if size > uint64(len(rest)) {
			return p, errWebP
		}
		switch {
		case name == "VP8 " || name == "VP8L":
			p.coding, p.payload = name, rest[:size]
			return p, nil
		case name == "ANMF" && size >= frameHeader:
			p.moving = true
			rest = rest[frameHeader:]
			continue
		case name == "VP8X" && size >= canvasPayload:
			p.canvas = image.Pt(1+uint24(rest[4:]), 1+uint24(rest[7:]))
		}
		rest = rest[min(size+size%2, uint64(len(rest))):]
	}
	return p, errWebP
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// webpConfig gives the size of the canvas, which the picture must fill unless it is a frame of several.
func webpConfig(data []byte) (config image.Config, err error) {
	p, err := findWebP(data)
	if err != nil {
		return config, err
	}
	if p.coding == "VP8L" {
		config, err = vp8l.DecodeConfig(bytes.NewReader(p.payload))
	} else {
		var header vp8.FrameHeader
		_, header, err = vp8Header(p.payload)
		config.Width, config.Height = header.Width, header.Height
	}
	if err != nil || p.canvas == (image.Point{}) {
		return config, err
	}
	frame, canvas := image.Rect(0, 0, config.Width, config.Height), image.Rectangle{Max: p.canvas}
	if !frame.In(canvas) || (!p.moving && frame != canvas) {
		return config, errWebP
	}
	config.Width, config.Height = p.canvas.X, p.canvas.Y
	return config, nil
}

func webpDecode(data []byte, _ image.Point) (image.Image, error) {
	p, err := findWebP(data)
	if err != nil {
		return nil, err
	}
	if p.coding == "VP8L" {
		return vp8l.Decode(bytes.NewReader(p.payload))
	}
	decoder, _, err := vp8Header(p.payload)
	if err != nil {
		return nil, err
	}
	img, err := decoder.DecodeFrame()
	if err != nil {
		return nil, err
	}
	return studioYCbCr{img}, nil
}

func vp8Header(payload []byte) (*vp8.Decoder, vp8.FrameHeader, error) {
	d := vp8.NewDecoder()
	d.Init(bytes.NewReader(payload), len(payload))
	h, err := d.DecodeFrameHeader()
	return d, h, err
}

// studioYCbCr is the picture of a VP8 frame, whose luminance runs from 16 to 235 (RFC 6386, 9.2), while Go's
// YCbCr takes 0 to 255.
type studioYCbCr struct{ *image.YCbCr }

// studioRGB converts one colour of a VP8 frame as ITU-R BT.601 says.
func studioRGB(y, cb, cr uint8) (r, g, b uint8) {
	const unit = 1 << 16
	l, u, v := (int(y)-16)*76309, int(cb)-128, int(cr)-128
	clip := func(n int) uint8 { return uint8(min(max((n+unit/2)/unit, 0), 255)) }
	return clip(l + 104597*v), clip(l - 25675*u - 53279*v), clip(l + 132201*u)
}
