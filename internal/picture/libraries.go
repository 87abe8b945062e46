package picture

import (
	"bytes"
	"image"
	"image/jpeg"
)

// Libraries are decoders in C that are installed on this machine, found when the program runs: libjpeg-turbo, which
// is faster than ours, and libheif, without which HEIC and AVIF are refused with ReasonFormat. The zero value has
// none. They must be opened before a process gives up its right to open files.
type Libraries struct {
	jpeg *turboJPEG
	heif *libHEIF
}

// OpenLibraries opens the library that decoding data would use, if there is one. It looks at the first bytes alone.
func OpenLibraries(data []byte) (l Libraries) {
	switch kind, err := sniff(data); {
	case err != nil:
	case kind == kindJPEG:
		l.jpeg = openTurboJPEG()
	case kind == kindHEIF:
		l.heif = openLibHEIF()
	}
	return l
}

// Installed says for people which decoders this machine offers.
func Installed() string {
	jpegBy, heifBy := "the program's own decoder (libturbojpeg0 is not installed)", "refused (libheif1 is not installed)"
	if openTurboJPEG() != nil {
		jpegBy = "libjpeg-turbo"
	}
	if ReadsHEIC() {
		heifBy = "libheif"
	}
	return "JPEG: " + jpegBy + "; HEIC and AVIF: " + heifBy
}

// ReadsHEIC tells whether this machine reads HEIC and AVIF, the formats of many phones.
func ReadsHEIC() bool { return openLibHEIF() != nil }

// decodeJPEG takes the fastest decoder that knows the file: each gives up at the least fault, and the last one judges.
func (l Libraries) decodeJPEG(data []byte, size image.Point) (image.Image, error) {
	if l.jpeg != nil {
		if grey, err := l.jpeg.decode(data, size); err == nil {
			return luminance{grey, data}, nil
		}
	}
	if grey, err := decodeLuma(data); err == nil {
		return luminance{grey, data}, nil
	}
	return jpeg.Decode(bytes.NewReader(data))
}
