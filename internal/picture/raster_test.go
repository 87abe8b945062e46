package picture

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

// TestEveryLayoutIsReadAsItsColoursSay holds the quick readers against the conversion of package color.
func TestEveryLayoutIsReadAsItsColoursSay(t *testing.T) {
	rect := image.Rect(3, 5, 20, 16)
	for _, img := range []draw.Image{image.NewGray(rect), image.NewGray16(rect), image.NewNRGBA(rect), image.NewRGBA64(rect), image.NewNRGBA64(rect),
		image.NewPaletted(rect, color.Palette{color.Black, color.NRGBA{R: 200, G: 7, A: 90}, color.White})} {
		for y := rect.Min.Y; y < rect.Max.Y; y++ {
			for x := rect.Min.X; x < rect.Max.X; x++ {
				img.Set(x, y, color.NRGBA64{uint16(x * y * 977), uint16(x * 3001), uint16(y * 4001), uint16(65535 - x%2*30000)})
			}
		}
		r, row := newRaster(img), make([]uint8, rect.Dx())
		for y := range rect.Dy() {
			r.greyRow(y, row)
			for x := range rect.Dx() {
				red, green, blue := r.rgb(x, y)
				if want := color.NRGBAModel.Convert(img.At(3+x, 5+y)).(color.NRGBA); red != want.R || green != want.G || blue != want.B {
					t.Fatalf("%T at %d, %d: %d %d %d, want %v", img, x, y, red, green, blue, want)
				}
				if want := uint8(luma(red, green, blue) + 0.5); row[x] != want {
					t.Fatalf("%T at %d, %d: luminance %d, want %d", img, x, y, row[x], want)
				}
			}
		}
	}
}
