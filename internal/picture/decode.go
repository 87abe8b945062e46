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
	decode func(data []byte) (image.Image, error)
}

// Decode reads a picture from data. Steps follow each other from cheap to dear, and each is a bound for the next:
// size, first bytes, width and height, structure, pixels. The declared type and file name play no part.
// Only the limited child may call it on what a stranger sent: the decoders cannot be stopped. Errors are Refusals.
func Decode(data []byte) (Picture, error) {
	kind, err := sniff(data)
	if err != nil {
		return Picture{}, err
	}
	f := formatOf(kind)
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
	img, err := f.decode(data)
	if err != nil {
		return Picture{}, Refuse(ReasonDamaged)
	}
	r := newRaster(img)
	p := Picture{Width: r.width, Height: r.height, img: img, raster: r}
	if kind == kindJPEG {
		p.Upright = exifTurn(data)
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
		return Refuse(ReasonDamaged)
	case width > MaxSide || height > MaxSide || width*height > MaxPixels:
		return Refuse(ReasonTooManyPixels)
	}
	return nil
}
