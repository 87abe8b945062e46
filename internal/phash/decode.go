package phash

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"github.com/bep/imagemeta"
)

// The limits that a file must keep before any of its pixels is decoded.
const (
	MaxBytes  = 8 << 20    // size of the file
	MaxSide   = 16384      // pixels of either side
	MaxPixels = 24_000_000 // pixels in all
)

// picture is a decoded file. Upright is the turn that the camera asked for; only JPEG says it.
type picture struct {
	img     image.Image
	upright turn
}

// format knows how to read one kind of picture: its size, what in its structure is built to exhaust, its pixels.
type format struct {
	config func(data []byte) (image.Config, error)
	scan   func(data []byte) error
	decode func(data []byte) (image.Image, error)
}

// decode reads a picture from data. Steps follow each other from cheap to dear, and each is a bound for the next:
// size, first bytes, width and height, structure, pixels. The declared type and file name play no part.
// Only the limited child may call it on what a stranger sent: the decoders cannot be stopped. Errors are Refusals.
func decode(data []byte) (picture, error) {
	kind, err := sniff(data)
	if err != nil {
		return picture{}, err
	}
	f := formatOf(kind)
	config, err := f.config(data)
	if err != nil {
		return picture{}, refuse(ReasonDamaged)
	}
	if err := checkSize(config.Width, config.Height); err != nil {
		return picture{}, err
	}
	if err := f.scan(data); err != nil {
		return picture{}, err
	}
	img, err := f.decode(data)
	if err != nil {
		return picture{}, refuse(ReasonDamaged)
	}
	p := picture{img: img}
	if kind == kindJPEG {
		p.upright = exifTurn(data)
	}
	return p, nil
}

func formatOf(k kind) format {
	switch k {
	case kindJPEG:
		return format{reading(jpeg.DecodeConfig), scanJPEG, readingImage(jpeg.Decode)}
	case kindPNG:
		return format{reading(png.DecodeConfig), scanPNG, readingImage(png.Decode)}
	case kindGIF: // gif.Decode stops after the first frame
		return format{reading(gif.DecodeConfig), scanNothing, readingImage(gif.Decode)}
	default:
		return format{webpConfig, scanNothing, webpDecode}
	}
}

func checkSize(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return refuse(ReasonDamaged)
	case width > MaxSide || height > MaxSide || width*height > MaxPixels:
		return refuse(ReasonTooManyPixels)
	}
	return nil
}

// exifTurn reads the tag Orientation of a JPEG, and nothing else. A file without a readable one lies as it is.
func exifTurn(data []byte) (t turn) {
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:               bytes.NewReader(data),
		ImageFormat:     imagemeta.JPEG,
		Sources:         imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if o, ok := tag.Value.(uint16); ok && o >= 1 && int(o) <= len(exifTurns) {
				t = exifTurns[o-1]
			}
			return nil
		},
	})
	return t
}
