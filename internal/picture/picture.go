// Package picture reads the bytes of a picture that a stranger sent: what kind it is, whether it is built to exhaust,
// which way up it is, and its luminance.
//
// JPEG, PNG, GIF (the first frame) and WebP are decoded, and HEIC and AVIF where libheif is installed. What is wrong
// with a file is told as a Refusal, whose reason is a code for programs and translations.
//
// The decoders cannot be stopped, and memory that is not given ends the process. So Decode is for the limited child of
// package hasher alone; Check, which reads first bytes only, is for everyone.
package picture

import "image"

// The limits that a file must keep before any of its pixels is decoded.
const (
	MaxBytes  = 8 << 20    // size of the file
	MaxSide   = 16384      // pixels of either side
	MaxPixels = 24_000_000 // pixels in all
)

// Picture is a decoded file. Its pixels are a plane of luminance, where the decoder gives no more, or the picture as a
// decoder of colours made it.
type Picture struct {
	Width, Height int  // as stored in the file; of HEIC and AVIF as turned
	Upright       Turn // how the camera asked to turn it; only JPEG says it

	img    image.Image
	grey   *image.Gray // luminance alone, or none
	raster *raster
}

func newPicture(img image.Image) Picture {
	size := img.Bounds().Size()
	p := Picture{Width: size.X, Height: size.Y, img: img, raster: newRaster(img)}
	if l, ok := img.(luminance); ok {
		p.grey = l.Gray
	}
	return p
}

// Image gives the pixels as stored, with their colours. Where only luminance was decoded it decodes the file again.
func (p Picture) Image() image.Image {
	if l, ok := p.img.(luminance); ok {
		return l.coloured()
	}
	return p.img
}

// Luma is the luminance, 0 to 255, of a pixel as stored: of a JPEG as it is coded, of others the colours weighed as
// ITU-R BT.601 does. Transparency is dropped and the colour under it kept, as the PDQ reference does.
func (p Picture) Luma(x, y int) float32 {
	if p.grey != nil {
		return float32(p.grey.Pix[y*p.grey.Stride+x])
	}
	return luma(p.raster.rgb(x, y))
}

// luma rounds each product to float32 by itself: a fused multiply-add, which compilers use on arm64 and newer amd64,
// would move bits of PDQ.
func luma(r, g, b uint8) float32 {
	return float32(0.299*float32(r)) + float32(0.587*float32(g)) + float32(0.114*float32(b))
}
