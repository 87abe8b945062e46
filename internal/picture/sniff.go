package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"
)

// The bounds of structure: far above what cameras and editors write, far below what costs minutes.
const (
	maxJPEGScans = 64
	maxPNGChunks = 10_000
)

type kind int

const (
	kindJPEG kind = iota
	kindPNG
	kindGIF
	kindWebP
	kindHEIF // HEIC and AVIF
)

// Check refuses, by size and first bytes alone, what Decode would not even try. Its error is a Refusal.
func Check(data []byte) error {
	_, err := sniff(data)
	return err
}

// sniff tells the kind of picture from its first bytes, or refuses the file.
func sniff(data []byte) (kind, error) {
	switch {
	case len(data) > MaxBytes:
		return 0, Refuse(ReasonTooLarge)
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return kindJPEG, nil
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return kindPNG, nil
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return kindGIF, nil
	case isWebP(data):
		return kindWebP, nil
	case isHEIF(data):
		return kindHEIF, nil
	case isOtherImage(data):
		return 0, Refuse(ReasonFormat)
	}
	return 0, Refuse(ReasonNotAnImage)
}

// isHEIF knows the brands of HEIC, AVIF and the files of either that name only their frame (ISO/IEC 23008-12, annex B).
func isHEIF(data []byte) bool {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return false
	}
	switch string(data[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis":
		return true
	}
	return false
}

// isOtherImage knows the kinds of picture that people do send and that we have no decoder for: JPEG XL, TIFF, BMP,
// Photoshop.
func isOtherImage(data []byte) bool {
	for _, magic := range []string{"\xff\x0a", "\x00\x00\x00\x0cJXL ", "II*\x00", "MM\x00*", "BM", "8BPS"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	return false
}

func scanNothing([]byte) error { return nil }

// scanPNG counts the chunks (PNG specification, 5.3): length, type, data, checksum.
func scanPNG(data []byte) error {
	rest := data[8:]
	for n := 0; len(rest) >= 12; n++ {
		if n == maxPNGChunks {
			return Refuse(ReasonTooComplex)
		}
		size := uint64(binary.BigEndian.Uint32(rest)) + 12
		if size > uint64(len(rest)) {
			break
		}
		rest = rest[size:]
	}
	return nil
}

// scanJPEG counts the scans (ITU-T T.81, B.1.1): a progressive picture is gone over once for each, and one of a few
// bytes costs as much as a full one. Segments are skipped whole, so a thumbnail's scans do not count.
func scanJPEG(data []byte) error {
	const eoi, sos = 0xd9, 0xda
	scans := 0
	for rest := data[2:]; ; {
		marker, after, ok := nextMarker(rest)
		if !ok || marker == eoi {
			return nil
		}
		if marker == sos {
			if scans++; scans > maxJPEGScans {
				return Refuse(ReasonTooComplex)
			}
		}
		rest = after
		if hasLength(marker) {
			if len(rest) < 2 || int(binary.BigEndian.Uint16(rest)) > len(rest) {
				return nil
			}
			rest = rest[binary.BigEndian.Uint16(rest):]
		}
	}
}

// nextMarker skips what is no marker, as the decoder does: coded data, stuffed zeros and fill bytes.
func nextMarker(data []byte) (marker byte, after []byte, ok bool) {
	for {
		i := bytes.IndexByte(data, 0xff)
		if i < 0 || i+1 >= len(data) {
			return 0, nil, false
		}
		marker, data = data[i+1], data[i+1:]
		if marker != 0x00 && marker != 0xff {
			return marker, data[1:], true
		}
	}
}

// hasLength is false for the markers that stand alone: restarts, start of image and TEM.
func hasLength(marker byte) bool { return marker != 0x01 && (marker < 0xd0 || marker > 0xd8) }

func reading(f func(io.Reader) (image.Config, error)) func([]byte) (image.Config, error) {
	return func(data []byte) (image.Config, error) { return f(bytes.NewReader(data)) }
}

func readingImage(f func(io.Reader) (image.Image, error)) func([]byte, image.Point) (image.Image, error) {
	return func(data []byte, _ image.Point) (image.Image, error) { return f(bytes.NewReader(data)) }
}
