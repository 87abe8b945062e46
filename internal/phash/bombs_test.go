package phash

import (
	"bytes"
	"compress/flate"
	"compress/lzw"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"strings"
	"testing"
)

// bomb is a hostile file and what must become of it. No reason means that it is hashed.
type bomb struct {
	name string
	data []byte
	want Reason
}

// bombs are the 32 files that have stopped or filled other servers, each built here.
func bombs(t *testing.T) []bomb {
	t.Helper()
	photoJPEG := photo(t, "kodak-1.jpg")
	r := rasterOf(t, "photos/kodak-1.jpg")
	photoPNG := pngOf(t, turnedImage(r, turn{}))
	smallJPEG := jpegOf(t, image.NewGray(image.Rect(0, 0, 8, 8)), 90)
	flipped := bytes.Clone(photoPNG)
	flipped[len(flipped)-20] ^= 0xff
	return []bomb{
		{"01 png 65535 x 65535 of 1 bit", pngBomb(65535, 65535, 1, 0, 0, zlibZeros(65535*(1+65535/8))), ReasonTooManyPixels},
		{"02 png 400 megapixels", pngBomb(20000, 20000, 8, 6, 0, zlibZeros(20000*80001)), ReasonTooManyPixels},
		{"03 png interlaced of 16 bits", pngBomb(12000, 12000, 16, 6, 1, zlibZeros(1<<30)), ReasonTooManyPixels},
		{"04 png of 2^31-1 squared", pngBomb(1<<31-1, 1<<31-1, 8, 6, 0, zlibZeros(1000)), ReasonDamaged},
		{"05 png that lies of its size", pngBomb(65535, 65535, 8, 6, 0, zlibZeros(1000)), ReasonTooManyPixels},
		{"06 png of no size", pngBomb(0, 0, 8, 6, 0, zlibZeros(1000)), ReasonDamaged},
		{"07 png of 1 x 2^31-1", pngBomb(1, 1<<31-1, 8, 6, 0, zlibZeros(1000)), ReasonTooManyPixels},
		{"08 png with a profile of 1 GiB", withChunk(photoPNG, "iCCP", append([]byte("n\x00\x00"), zlibZeros(1<<30)...)), ""},
		{"09 png with a text of 1 GiB", withChunk(photoPNG, "zTXt", append([]byte("n\x00\x00"), zlibZeros(1<<30)...)), ""},
		{"10 png of 100,000 chunks", withRaw(photoPNG, bytes.Repeat(pngChunk("tEXt", []byte("k\x00v")), 100_000)), ReasonTooComplex},
		{"11 png cut in half", photoPNG[:len(photoPNG)/2], ReasonDamaged},
		{"12 png with a wrong checksum", flipped, ReasonDamaged},
		{"13 png of 8 x 8 with 1 GiB of pixels", pngBomb(8, 8, 8, 6, 0, zlibZeros(1<<30)), ReasonDamaged},
		{"14 jpeg patched to 65500 x 65500", patchedJPEG(smallJPEG, 65500), ReasonTooManyPixels},
		{"15 jpeg of 2,000 scans", progressive(2000, firstPass), ReasonTooComplex},
		{"16 jpeg of 20,000 scans", progressive(20000, firstPass), ReasonTooComplex},
		{"17 jpeg with a profile of 16 MB", withProfile(photoJPEG), ReasonTooLarge},
		{"18 jpeg and a zip behind", append(bytes.Clone(photoJPEG), "PK\x03\x04 and so on"...), ""},
		{"19 jpeg with a script", withRaw2(photoJPEG, "\xff\xfe\x00\x15<script>alert(1)</s"), ""},
		{"20 gif 65535 x 65535", gifBomb(65535, 65535, gifFrame(65535, 65535, 1<<20)), ReasonTooManyPixels},
		{"21 gif of 10,000 frames", gifBomb(65535, 65535, bytes.Repeat(gifFrame(1, 1, 1), 10_000)), ReasonTooManyPixels},
		{"22 gif of 300 frames of 9 megapixels", gifBomb(3000, 3000, bytes.Repeat(gifFrame(3000, 3000, 9_000_000), 300)), ReasonBlank},
		{"23 gif with a frame over its canvas", gifBomb(10, 10, gifFrame(65535, 65535, 1<<20)), ReasonDamaged},
		{"24 webp of 268 megapixels in 36 bytes", webpBomb(16384, 16384, false), ReasonTooManyPixels},
		{"25 webp cut short", webpBomb(64, 64, false)[:24], ReasonDamaged},
		{"26 svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ReasonNotAnImage},
		{"26 xml that grows", []byte(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><l>&b;</l>`), ReasonNotAnImage},
		{"27 gif that is a script too", []byte("GIF89a/*\x00\x00*/=1;alert(1)"), ReasonDamaged},
		{"28 nothing", nil, ReasonNotAnImage},
		{"28 html", []byte("<html><body>photo.jpg</body></html>"), ReasonNotAnImage},
		{"29 jpeg with place and thumbnail", withOrientation(photoJPEG, 1), ""},
		{"30 webp whose canvas does not fit", mismatchedWebP(t), ReasonDamaged},
		{"31 webp of 65,536 unused code groups", webpBomb(64, 64, true), ReasonDamaged},
		{"32 tiff", []byte("II*\x00\x08\x00\x00\x00"), ReasonFormat},
		{"32 bmp", []byte("BM\x00\x00\x00\x00"), ReasonFormat},
		{"32 heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), ReasonFormat},
		{"32 avif", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), ReasonFormat},
		{"32 jpeg xl", []byte("\xff\x0a\x00\x00"), ReasonFormat},
		{"32 pdf", []byte("%PDF-1.7"), ReasonNotAnImage},
		{"32 psd", []byte("8BPS\x00\x01"), ReasonFormat},
	}
}

func pngBomb(width, height uint32, depth, colour, interlace byte, pixels []byte) []byte {
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

// zlibZeros is a zlib stream of n zero bytes, at the price of packing one mebibyte: packed zeros can be repeated.
func zlibZeros(n int) []byte {
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
	firstPass  byte = 0x00
	refinement byte = 0x10
)

// progressive is a grey JPEG of 24 megapixels with n scans of a few bytes. Each says in long runs that there is
// nothing in any block, and makes the decoder walk through all of them.
func progressive(n int, approximation byte) []byte {
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

func gifBomb(width, height uint16, frames []byte) []byte {
	b := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16([]byte("GIF89a"), width), height)
	b = append(b, 0x80, 0, 0, 0, 0, 0, 255, 255, 255) // two colours
	return append(append(b, frames...), 0x3b)
}

// gifFrame says that it is width x height and holds n zero pixels.
func gifFrame(width, height uint16, n int) []byte {
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

// webpBomb is a VP8L picture whose every code has one symbol, so that its pixels take no bits at all. With groups it
// asks for 65,536 groups of codes that are not there.
func webpBomb(width, height int, groups bool) []byte {
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

// mismatchedWebP declares a canvas of 16384 x 16384 and an alpha plane that fits nothing, around a picture of 400 x 301.
func mismatchedWebP(t *testing.T) []byte {
	t.Helper()
	p, err := findWebP(referenceFile(t, "reference/webp/Alpha_Lossy_(1).webp"))
	if err != nil {
		t.Fatal(err)
	}
	alpha, picture := riff("ALPH", []byte{0, 1, 2, 3})[12:], riff(p.coding, p.payload)[12:]
	canvas := []byte{0x10, 0, 0, 0, 0xff, 0x3f, 0, 0xff, 0x3f, 0}
	return riff("VP8X", canvas, append(alpha, picture...)...)
}

func TestTheBombsAreWhatTheySayTheyAre(t *testing.T) {
	frames, err := gif.DecodeAll(bytes.NewReader(gifBomb(30, 20, bytes.Repeat(gifFrame(30, 20, 600), 3))))
	if err != nil || len(frames.Image) != 3 {
		t.Errorf("a small bomb of three frames does not decode: %v", err)
	}
	if _, err := decode(pngBomb(30, 20, 8, 6, 0, zlibZeros(20*121))); err != nil {
		t.Errorf("a small png bomb does not decode: %v", err)
	}
	if _, err := decode(webpBomb(30, 20, false)); err != nil {
		t.Errorf("a small webp bomb does not decode: %v", err)
	}
	if _, err := decode(progressive(maxJPEGScans, firstPass)); err != nil {
		t.Errorf("a jpeg of as many scans as are allowed does not decode: %v", err)
	}
	if size := len(progressive(2000, firstPass)); size > 200_000 {
		t.Errorf("a jpeg of 2,000 scans has %d bytes: that is no bomb", size)
	}
}

// slowest is a file that keeps every limit of structure and still takes seconds.
func slowest() []byte { return progressive(maxJPEGScans, refinement) }
