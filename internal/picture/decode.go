package picture

import (
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// format knows how to read one kind of picture: its size, what in its structure is built to exhaust, its pixels.
type format struct {
	config func(data []byte) (image.Config, error)
	scan   func(data []byte) error
	decode func(data []byte, size image.Point) (image.Image, error)
}

// Decode reads a picture from data without any library in C. See Libraries.Decode.
func Decode(data []byte) (Picture, error) { return Libraries{}.Decode(data) }

// Decode reads a picture from data. Steps follow each other from cheap to dear, and each is a bound for the next:
// size, first bytes, width and height, structure, pixels. The declared type and file name play no part.
// Only the limited child may call it on what a stranger sent: the decoders cannot be stopped. Errors are Refusals.
func (l Libraries) Decode(data []byte) (Picture, error) {
	kind, err := sniff(data)
	if err != nil {
		return Picture{}, err
	}
	if kind == kindHEIF {
		return l.decodeHEIF(data)
	}
	f := l.formatOf(kind)
	config, err := f.config(data)
	if err != nil {
		return Picture{}, Refuse(ReasonDamaged)
	}
	if err := checkSize(config.Width, config.Height); err != nil {
		return Picture{}, err
	}
	if err := f.scan(data); err != nil {
		return Picture{}, err
	}
	img, err := f.decode(data, image.Pt(config.Width, config.Height))
	if err != nil {
		return Picture{}, Refuse(ReasonDamaged)
	}
	p := newPicture(img)
	if kind == kindJPEG {
		p.Upright = exifTurn(data)
	}
	return p, nil
}

// decodeHEIF leaves all of it to the library, which checks the size before it decodes and turns the picture as the
// file says: a file's EXIF repeats that turn, so it is not read.
func (l Libraries) decodeHEIF(data []byte) (Picture, error) {
	if l.heif == nil {
		return Picture{}, Refuse(ReasonFormat)
	}
	img, err := l.heif.decode(data)
	if err != nil {
		return Picture{}, err
	}
	return newPicture(img), nil
}

func (l Libraries) formatOf(k kind) format {
	switch k {
	case kindJPEG:
		return format{reading(jpeg.DecodeConfig), scanJPEG, l.decodeJPEG}
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
		return Refuse(ReasonDamaged)
	case width > MaxSide || height > MaxSide || width*height > MaxPixels:
		return Refuse(ReasonTooManyPixels)
	}
	return nil
}
