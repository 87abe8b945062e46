// Package edits makes the copies that people post of a photograph: compressed, mirrored, turned, cropped, framed, shot
// off a screen, written on, half covered, put beside others.
//
// It is what matching is measured by: 62 edits in twelve groups, each a function of the photograph and of its name
// alone, so that every run sees the same files. Where an edit leaves something open (which part is cropped away, where
// the sticker sits, the colour of a border) the names of edit and photograph decide. A copy is a JPEG file, since that
// is what is found.
package edits

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
)

// The groups. Figures are given for each, so that many edits of one kind do not outweigh few of another.
const (
	Compression = "compression and size"
	Colour      = "colour and noise"
	Turns       = "mirrored, turned"
	Tilts       = "tilted"
	Crops       = "cropped"
	Shapes      = "cropped to a shape"
	Borders     = "borders"
	Screenshots = "screenshots"
	Watermarks  = "watermarks"
	Covers      = "partly covered"
	Collages    = "collages"
	Stories     = "stories, several edits"
)

// servedQuality is the JPEG quality of a copy, unless the edit says otherwise: about what platforms serve.
const servedQuality = 75

// Edit is one way of making a copy.
type Edit struct {
	Name, Group string

	quality int // 0 stands for servedQuality
	make    func(*work) *image.RGBA
}

// work is what an edit starts from. It must not write into the pictures.
type work struct {
	picture *image.RGBA
	others  []Photograph
	*random
	beside []string
}

// Copy is an edited photograph: the JPEG file, and the names of the other photographs that it shows beside.
type Copy struct {
	File   []byte
	Beside []string
}

// Apply makes a copy of p. A collage takes its neighbours from others, which needs one photograph at least besides p.
func (e Edit) Apply(p Photograph, others []Photograph) (Copy, error) {
	w := &work{picture: p.Picture, others: others, random: newRandom(e.Name, p.Name)}
	copied := e.make(w)
	quality := e.quality
	if quality == 0 {
		quality = servedQuality
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, copied, &jpeg.Options{Quality: quality}); err != nil {
		return Copy{}, fmt.Errorf("encode %s of %s: %w", e.Name, p.Name, err)
	}
	return Copy{file.Bytes(), w.beside}, nil
}

// Groups gives the twelve groups in the order of All.
func Groups() []string {
	return []string{Compression, Colour, Turns, Tilts, Crops, Shapes, Borders, Screenshots, Watermarks, Covers, Collages, Stories}
}

// All gives the 62 edits, group by group. Their names are stable.
func All() []Edit { return slices.Concat(altered(), cut(), arranged()) }

// altered keep every part of the photograph where it is, or turn the whole.
func altered() []Edit {
	return []Edit{
		{"jpeg-q10", Compression, 10, unchanged},
		{"jpeg-q30", Compression, 30, unchanged},
		{"jpeg-q50", Compression, 50, unchanged},
		{"resize-25", Compression, 0, resizing(0.25, 0.25)},
		{"resize-50", Compression, 0, resizing(0.5, 0.5)},
		{"resize-150", Compression, 0, resizing(1.5, 1.5)},
		{"squeeze-85", Compression, 0, resizing(0.85, 1)},

		{"grey", Colour, 0, grey},
		{"gamma-060", Colour, 0, gamma(0.6)},
		{"gamma-170", Colour, 0, gamma(1.7)},
		{"contrast", Colour, 0, contrast},
		{"noise", Colour, 0, noise},
		{"blur", Colour, 0, blur},
		{"sharpen", Colour, 0, sharpen},
		{"filter", Colour, 0, filter},
		{"invert", Colour, 0, invert},

		{"mirror", Turns, 0, turning(false, true, false)},
		{"flip", Turns, 0, turning(false, false, true)},
		{"rotate-90", Turns, 0, turning(true, false, true)},
		{"rotate-180", Turns, 0, turning(false, true, true)},
		{"rotate-270", Turns, 0, turning(true, true, false)},
		{"mirror-rotate-90", Turns, 0, turning(true, false, false)},
	}
}

// cut lose a part of the photograph, or its upright edges.
func cut() []Edit {
	return []Edit{
		{"rotate-2", Tilts, 0, tilting(2, false)},
		{"rotate-5", Tilts, 0, tilting(5, false)},
		{"rotate-10", Tilts, 0, tilting(10, false)},
		{"rotate-2-cropped", Tilts, 0, tilting(2, true)},
		{"rotate-5-cropped", Tilts, 0, tilting(5, true)},
		{"rotate-10-cropped", Tilts, 0, tilting(10, true)},

		{"crop-5-anywhere", Crops, 0, cropping(0.05)},
		{"crop-10-anywhere", Crops, 0, cropping(0.10)},
		{"crop-20-anywhere", Crops, 0, cropping(0.20)},
		{"crop-30-anywhere", Crops, 0, cropping(0.30)},
		{"crop-15-side", Crops, 0, croppingSide(0.15)},
		{"crop-30-side", Crops, 0, croppingSide(0.30)},

		{"crop-square", Shapes, 0, shaping(1, 1)},
		{"crop-4x5", Shapes, 0, shaping(4, 5)},
		{"crop-16x9", Shapes, 0, shaping(16, 9)},
		{"crop-9x16", Shapes, 0, shaping(9, 16)},
	}
}

// arranged put something around or over the photograph.
func arranged() []Edit {
	return []Edit{
		{"border-black", Borders, 0, borderBlack},
		{"border-white", Borders, 0, borderWhite},
		{"border-colour", Borders, 0, borderColour},
		{"letterbox-black", Borders, 0, letterboxBlack},
		{"letterbox-blurred", Borders, 0, letterboxBlurred},

		{"screenshot-phone-light", Screenshots, 0, phone(light)},
		{"screenshot-phone-dark", Screenshots, 0, phone(dark)},
		{"screenshot-post-light", Screenshots, 0, post(light)},
		{"screenshot-post-dark", Screenshots, 0, post(dark)},

		{"watermark-large", Watermarks, 0, watermarkLarge},
		{"watermark-logo", Watermarks, 0, watermarkLogo},
		{"watermark-tiled", Watermarks, 0, watermarkTiled},

		{"cover-bar", Covers, 0, coverBar},
		{"cover-emoji", Covers, 0, coverEmoji},
		{"cover-sticker", Covers, 0, coverSticker},
		{"cover-pixelated", Covers, 0, coverPixelated},

		{"collage-two-beside", Collages, 0, collageBeside},
		{"collage-two-stacked", Collages, 0, collageStacked},
		{"collage-four", Collages, 0, collageFour(false)},
		{"collage-four-gaps", Collages, 0, collageFour(true)},

		{"story", Stories, 0, story(false)},
		{"story-tilted", Stories, 60, story(true)},
		{"mirror-crop-border", Stories, 45, mirrorCropBorder},
		{"crop-screenshot-resized", Stories, 50, cropScreenshot},
	}
}
