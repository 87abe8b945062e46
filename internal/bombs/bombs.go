// Package bombs builds files that have stopped or filled servers which decode pictures, each in memory, for tests.
//
// They follow a list of 32 kinds: pictures whose size is a lie or a threat, structures of thousands of parts, scans that
// cost minutes, files cut short, files that are no picture. Each comes with the verdict that a careful reader gives.
package bombs

import (
	"bytes"
	"compress/flate"
	"compress/lzw"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
)

// JPEGScans is how many scans a JPEG may have: far above what cameras and editors write.
const JPEGScans = 64

// Bomb is a hostile file and the reason for which it must be refused, a picture.Reason. With none it is hashed.
type Bomb struct {
	Name string
	Data []byte
	Want string
}

// All builds the bombs; photograph is an ordinary JPEG, which some of them are made from.
func All(photograph []byte) ([]Bomb, error) {
	photo, err := jpeg.Decode(bytes.NewReader(photograph))
	if err != nil {
		return nil, err
	}
	var asPNG, small bytes.Buffer
	if err := png.Encode(&asPNG, photo); err != nil {
		return nil, err
	}
	if err := jpeg.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		return nil, err
	}
	return append(lying(asPNG.Bytes(), photograph, small.Bytes()), foreign(photograph)...), nil
}

// lying are files of the kinds that are decoded, which lie of their size or cost more than they are worth.
func lying(photoPNG, photoJPEG, smallJPEG []byte) []Bomb {
	flipped := bytes.Clone(photoPNG)
	flipped[len(flipped)-20] ^= 0xff
	return []Bomb{
		{"01 png 65535 x 65535 of 1 bit", PNG(65535, 65535, 1, 0, 0, Zeros(65535*(1+65535/8))), "too-many-pixels"},
		{"02 png 400 megapixels", PNG(20000, 20000, 8, 6, 0, Zeros(20000*80001)), "too-many-pixels"},
		{"03 png interlaced of 16 bits", PNG(12000, 12000, 16, 6, 1, Zeros(1<<30)), "too-many-pixels"},
		{"04 png of 2^31-1 squared", PNG(1<<31-1, 1<<31-1, 8, 6, 0, Zeros(1000)), "damaged"},
		{"05 png that lies of its size", PNG(65535, 65535, 8, 6, 0, Zeros(1000)), "too-many-pixels"},
		{"06 png of no size", PNG(0, 0, 8, 6, 0, Zeros(1000)), "damaged"},
		{"07 png of 1 x 2^31-1", PNG(1, 1<<31-1, 8, 6, 0, Zeros(1000)), "too-many-pixels"},
		{"08 png with a profile of 1 GiB", withChunk(photoPNG, "iCCP", append([]byte("n\x00\x00"), Zeros(1<<30)...)), ""},
		{"09 png with a text of 1 GiB", withChunk(photoPNG, "zTXt", append([]byte("n\x00\x00"), Zeros(1<<30)...)), ""},
		{"10 png of 100,000 chunks", withRaw(photoPNG, bytes.Repeat(pngChunk("tEXt", []byte("k\x00v")), 100_000)), "too-complex"},
		{"11 png cut in half", photoPNG[:len(photoPNG)/2], "damaged"},
		{"12 png with a wrong checksum", flipped, "damaged"},
		{"13 png of 8 x 8 with 1 GiB of pixels", PNG(8, 8, 8, 6, 0, Zeros(1<<30)), "damaged"},
		{"14 jpeg patched to 65500 x 65500", patchedJPEG(smallJPEG, 65500), "too-many-pixels"},
		{"15 jpeg of 2,000 scans", Progressive(2000, FirstPass), "too-complex"},
		{"16 jpeg of 20,000 scans", Progressive(20000, FirstPass), "too-complex"},
		{"17 jpeg with a profile of 16 MB", withProfile(photoJPEG), "too-large-bytes"},
		{"18 jpeg and a zip behind", append(bytes.Clone(photoJPEG), "PK\x03\x04 and so on"...), ""},
		{"19 jpeg with a script", withRaw2(photoJPEG, "\xff\xfe\x00\x15<script>alert(1)</s"), ""},
		{"20 gif 65535 x 65535", GIF(65535, 65535, GIFFrame(65535, 65535, 1<<20)), "too-many-pixels"},
		{"21 gif of 10,000 frames", GIF(65535, 65535, bytes.Repeat(GIFFrame(1, 1, 1), 10_000)), "too-many-pixels"},
		{"22 gif of 300 frames of 9 megapixels", GIF(3000, 3000, bytes.Repeat(GIFFrame(3000, 3000, 9_000_000), 300)), "blank"},
		{"23 gif with a frame over its canvas", GIF(10, 10, GIFFrame(65535, 65535, 1<<20)), "damaged"},
		{"24 webp of 268 megapixels in 36 bytes", WebP(16384, 16384, false), "too-many-pixels"},
		{"25 webp cut short", WebP(64, 64, false)[:24], "damaged"},
	}
}

// foreign are files of other kinds, and a few that are two things at once.
func foreign(photoJPEG []byte) []Bomb {
	return []Bomb{
		{"26 svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "not-an-image"},
		{"26 xml that grows", []byte(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>`), "not-an-image"},
		{"27 gif that is a script too", []byte("GIF89a/*\x00\x00*/=1;alert(1)"), "damaged"},
		{"28 nothing", nil, "not-an-image"},
		{"28 html", []byte("<html><body>photo.jpg</body></html>"), "not-an-image"},
		{"29 jpeg with place and thumbnail", WithOrientation(photoJPEG, 1), ""},
		{"30 webp whose canvas does not fit", mismatchedWebP(), "damaged"},
		{"31 webp of 65,536 unused code groups", WebP(64, 64, true), "damaged"},
		{"32 tiff", []byte("II*\x00\x08\x00\x00\x00"), "format"},
		{"32 bmp", []byte("BM\x00\x00\x00\x00"), "format"},
		{"32 jpeg xl", []byte("\xff\x0a\x00\x00"), "format"},
		{"32 pdf", []byte("%PDF-1.7"), "not-an-image"},
		{"32 psd", []byte("8BPS\x00\x01"), "format"},
	}
}

// PNG is a file whose header says what is given and whose pixels are a zlib stream.
func PNG(width, height uint32, depth, colour, interlace byte, pixels []byte) []byte {
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(header, depth, colour, 0, 0, interlace)),
		pngChunk("IDAT", pixels), pngChunk("IEND", nil)}, nil)
}

func pngChunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func withChunk(png []byte, name string, data []byte) []byte {
	return withRaw(png, pngChunk(name, data))
}

// withRaw puts raw chunks behind the header of a PNG.
func withRaw(png, raw []byte) []byte {
	const headerEnd = 33
	return bytes.Join([][]byte{png[:headerEnd], raw, png[headerEnd:]}, nil)
}

// withRaw2 puts raw segments behind the start of a JPEG.
func withRaw2(jpeg []byte, raw string) []byte {
	return bytes.Join([][]byte{jpeg[:2], []byte(raw), jpeg[2:]}, nil)
}

// Zeros is a zlib stream of n zero bytes, at the price of packing one mebibyte: packed zeros can be repeated.
func Zeros(n int) []byte {
	const unit = 1 << 20
	pack := func(n int, last bool) []byte {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestCompression)
		_, _ = w.Write(make([]byte, n))
		if last {
			_ = w.Close()
		} else {
			_ = w.Flush()
		}
		return b.Bytes()
	}
	adler := uint32(n%65521)<<16 | 1
	return binary.BigEndian.AppendUint32(bytes.Join([][]byte{{0x78, 0xda},
		bytes.Repeat(pack(unit, false), n/unit), pack(n%unit, true)}, nil), adler)
}

// patchedJPEG writes another size into the frame header of a JPEG.
func patchedJPEG(jpeg []byte, side uint16) []byte {
	out := bytes.Clone(jpeg)
	at := bytes.Index(out, []byte{0xff, 0xc0}) + 5
	binary.BigEndian.PutUint16(out[at:], side)
	binary.BigEndian.PutUint16(out[at+2:], side)
	return out
}

// How a scan approximates the coefficients (ITU-T T.81, G.1.2): at once, or by one bit more. The second is dearer.
const (
	FirstPass  byte = 0x00
	Refinement byte = 0x10
)

// progressive is a grey JPEG of 24 megapixels with n scans of a few bytes. Each says in long runs that there is
// nothing in any block, and makes the decoder walk through all of them.
func Progressive(n int, approximation byte) []byte {
	const width, height = 6000, 4000
	b := bytes.NewBufferString("\xff\xd8\xff\xdb\x00\x43\x00" + strings.Repeat("\x01", 64))
	b.WriteString("\xff\xc2\x00\x0b\x08")
	b.Write(binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, height), width))
	b.WriteString("\x01\x01\x11\x00")
	// One code of one bit that stands for a run of 2^14 blocks and fourteen bits more.
	b.WriteString("\xff\xc4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\xe0")
	bits := strings.Repeat("011111111111111", 24) // 24 runs of up to 32,767 blocks: more than the 375,000 there are
	scan := append(append([]byte("\xff\xda\x00\x08\x01\x01\x00\x01\x3f"), approximation), stuffed(bits)...)
	b.Write(bytes.Repeat(scan, n))
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

// stuffed packs bits, the highest first, and puts a zero behind each byte of ones as JPEG does.
func stuffed(bits string) (out []byte) {
	for len(bits)%8 != 0 {
		bits += "1"
	}
	for ; bits != ""; bits = bits[8:] {
		var v byte
		for _, bit := range bits[:8] {
			v = v<<1 | byte(bit-'0')
		}
		if out = append(out, v); v == 0xff {
			out = append(out, 0)
		}
	}
	return out
}

func withProfile(jpeg []byte) []byte {
	segment := "\xff\xe2\xff\xffICC_PROFILE\x00" + strings.Repeat("\x00", 0xffff-2-12)
	return withRaw2(jpeg, strings.Repeat(segment, 255))
}

// GIF is a file of a canvas and raw frames.
func GIF(width, height uint16, frames []byte) []byte {
	b := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16([]byte("GIF89a"), width), height)
	b = append(b, 0x80, 0, 0, 0, 0, 0, 255, 255, 255) // two colours
	return append(append(b, frames...), 0x3b)
}

// GIFFrame says that it is width x height and holds n zero pixels.
func GIFFrame(width, height uint16, n int) []byte {
	b := []byte{0x2c, 0, 0, 0, 0}
	b = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(b, width), height)
	b = append(b, 0, 2)
	var packed bytes.Buffer
	w := lzw.NewWriter(&packed, lzw.LSB, 2)
	_, _ = w.Write(make([]byte, n))
	_ = w.Close()
	for rest := packed.Bytes(); len(rest) > 0; {
		size := min(len(rest), 255)
		b = append(append(b, byte(size)), rest[:size]...)
		rest = rest[size:]
	}
	return append(b, 0)
}

// WebP is a VP8L picture whose every code has one symbol, so that its pixels take no bits at all. With groups it
// asks for 65,536 groups of codes that are not there.
func WebP(width, height int, groups bool) []byte {
	var w lsbWriter
	w.put(uint64(width-1), 14)
	w.put(uint64(height-1), 14)
	w.put(0, 1+3+1+1) // no alpha, version, no transform, no colour cache
	oneSymbol := func(symbol uint64) {
		w.put(1, 2) // simple, one symbol
		w.put(1, 1) // of eight bits
		w.put(symbol, 8)
	}
	if groups {
		w.put(1, 1+3) // meta codes, in blocks of 4 x 4
		w.put(0, 1)   // no colour cache
		for _, symbol := range []uint64{255, 255, 0, 0, 0} {
			oneSymbol(symbol)
		}
		w.bytes = append(w.bytes, make([]byte, 1000)...)
	} else {
		w.put(0, 1)
		for range 5 {
			oneSymbol(0)
		}
	}
	return riff("VP8L", append([]byte{0x2f}, w.bytes...))
}

type lsbWriter struct {
	bytes []byte
	used  int
}

func (w *lsbWriter) put(v uint64, n int) {
	for i := range n {
		if w.used%8 == 0 {
			w.bytes = append(w.bytes, 0)
		}
		w.bytes[len(w.bytes)-1] |= byte(v>>i&1) << (w.used % 8)
		w.used++
	}
}

func riff(name string, payload []byte, more ...byte) []byte {
	chunk := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(payload))), payload...)
	if len(payload)%2 == 1 {
		chunk = append(chunk, 0)
	}
	chunk = append(append([]byte("WEBP"), chunk...), more...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunk))), chunk...)
}

// mismatchedWebP declares a canvas of 16384 x 16384 and an alpha plane that fits nothing, around a VP8 key frame of
// 400 x 301 whose data are missing.
func mismatchedWebP() []byte {
	frame := append([]byte("\x10\x00\x00\x9d\x01\x2a\x90\x01\x2d\x01"), make([]byte, 500)...)
	alpha, picture := riff("ALPH", []byte{0, 1, 2, 3})[12:], riff("VP8 ", frame)[12:]
	canvas := []byte{0x10, 0, 0, 0, 0xff, 0x3f, 0, 0xff, 0x3f, 0}
	return riff("VP8X", canvas, append(alpha, picture...)...)
}

// WithOrientation puts an Exif segment with the one tag Orientation behind the start of a JPEG.
func WithOrientation(data []byte, orientation uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = binary.BigEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return bytes.Join([][]byte{data[:2], segment, exif, data[2:]}, nil)
}

// Slowest is a file that keeps every limit of structure and still takes seconds.
func Slowest() []byte { return Progressive(JPEGScans, Refinement) }
