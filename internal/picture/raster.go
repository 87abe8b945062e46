package picture

import (
	"image"
	"image/color"
)

// raster is a decoded picture seen as 8-bit colour with its upper left corner at 0, 0. Transparency is dropped and
// the colour under it kept, as the PDQ reference does.
type raster struct {
	rgb     func(x, y int) (r, g, b uint8)
	greyRow func(y int, row []uint8) // rounded luminance of a whole row
}

func newRaster(img image.Image) *raster {
	min := img.Bounds().Min
	rgb := colourReader(img, min)
	return &raster{rgb, greyReader(img, min, rgb)}
}

// greyReader takes the luminance plane of a JPEG as it is; of other layouts it weighs the colours.
func greyReader(img image.Image, min image.Point, rgb func(x, y int) (r, g, b uint8)) func(y int, row []uint8) {
	switch p := img.(type) {
	case luminance:
		return greyReader(p.Gray, min, rgb)
	case *image.Gray:
		return func(y int, row []uint8) { copy(row, p.Pix[p.PixOffset(min.X, min.Y+y):]) }
	case *image.YCbCr:
		return func(y int, row []uint8) { copy(row, p.Y[p.YOffset(min.X, min.Y+y):]) }
	case *image.NRGBA:
		return func(y int, row []uint8) { weighRow(row, p.Pix[p.PixOffset(min.X, min.Y+y):]) }
	case *image.RGBA:
		return func(y int, row []uint8) { weighRow(row, p.Pix[p.PixOffset(min.X, min.Y+y):]) }
	}
	return func(y int, row []uint8) {
		for x := range row {
			row[x] = uint8(luma(rgb(x, y)) + 0.5)
		}
	}
}

// weighRow takes pixels of four bytes.
func weighRow(row, pixels []uint8) {
	for x := range row {
		c := pixels[4*x : 4*x+3]
		row[x] = uint8(luma(c[0], c[1], c[2]) + 0.5)
	}
}

// colourReader reads the layouts that the decoders make without going through color.Color, which is ten times slower.
func colourReader(img image.Image, min image.Point) func(x, y int) (r, g, b uint8) {
	switch p := img.(type) {
	case *image.YCbCr:
		return func(x, y int) (uint8, uint8, uint8) {
			i, c := p.YOffset(min.X+x, min.Y+y), p.COffset(min.X+x, min.Y+y)
			return color.YCbCrToRGB(p.Y[i], p.Cb[c], p.Cr[c])
		}
	case studioYCbCr:
		return func(x, y int) (uint8, uint8, uint8) {
			i, c := p.YOffset(min.X+x, min.Y+y), p.COffset(min.X+x, min.Y+y)
			return studioRGB(p.Y[i], p.Cb[c], p.Cr[c])
		}
	case luminance:
		return colourReader(p.Gray, min)
	case *image.Gray:
		return func(x, y int) (uint8, uint8, uint8) {
			v := p.Pix[p.PixOffset(min.X+x, min.Y+y)]
			return v, v, v
		}
	case *image.NRGBA:
		return func(x, y int) (uint8, uint8, uint8) {
			i := p.PixOffset(min.X+x, min.Y+y)
			return p.Pix[i], p.Pix[i+1], p.Pix[i+2]
		}
	case *image.RGBA:
		return func(x, y int) (uint8, uint8, uint8) {
			i := p.PixOffset(min.X+x, min.Y+y)
			return p.Pix[i], p.Pix[i+1], p.Pix[i+2]
		}
	case *image.CMYK:
		return cmykReader(p, min)
	case *image.Paletted:
		return palettedReader(p, min)
	case *image.Gray16:
		return func(x, y int) (uint8, uint8, uint8) {
			v := p.Pix[p.PixOffset(min.X+x, min.Y+y)]
			return v, v, v
		}
	case *image.RGBA64:
		return deepReader(p.Pix, p.PixOffset, img, min)
	case *image.NRGBA64:
		return deepReader(p.Pix, p.PixOffset, img, min)
	}
	return func(x, y int) (uint8, uint8, uint8) { return convert(img.At(min.X+x, min.Y+y)) }
}

func convert(c color.Color) (r, g, b uint8) {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return n.R, n.G, n.B
}

func palettedReader(p *image.Paletted, min image.Point) func(x, y int) (r, g, b uint8) {
	var colours [256][3]uint8
	for i, c := range p.Palette {
		colours[i&255][0], colours[i&255][1], colours[i&255][2] = convert(c)
	}
	return func(x, y int) (uint8, uint8, uint8) {
		c := &colours[p.Pix[p.PixOffset(min.X+x, min.Y+y)]]
		return c[0], c[1], c[2]
	}
}

// deepReader takes the high byte of each of four samples of 16 bits, but of pixels that one can see through.
func deepReader(pix []uint8, offset func(x, y int) int, img image.Image, min image.Point) func(x, y int) (r, g, b uint8) {
	return func(x, y int) (uint8, uint8, uint8) {
		i := offset(min.X+x, min.Y+y)
		if c := pix[i : i+8]; c[6]&c[7] == 0xff {
			return c[0], c[2], c[4]
		}
		return convert(img.At(min.X+x, min.Y+y))
	}
}

// cmykReader leaves black out and takes the inverse of the three inks for colour: so the reference reads such
// a file, and hashes must agree before they are right.
func cmykReader(p *image.CMYK, min image.Point) func(x, y int) (r, g, b uint8) {
	return func(x, y int) (uint8, uint8, uint8) {
		i := p.PixOffset(min.X+x, min.Y+y)
		return 255 - p.Pix[i], 255 - p.Pix[i+1], 255 - p.Pix[i+2]
	}
}
