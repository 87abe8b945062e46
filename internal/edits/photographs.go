package edits

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
)

// Photograph is one to be edited: the file, and its pixels.
type Photograph struct {
	Name    string // of the file, without ".jpg"
	File    []byte
	Picture *image.RGBA
}

// Load reads every JPEG file of a folder, by name.
func Load(folder string) ([]Photograph, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.jpg"))
	if err != nil {
		return nil, fmt.Errorf("list the photographs: %w", err)
	}
	var all []Photograph
	for _, path := range paths {
		file, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read a photograph: %w", err)
		}
		decoded, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			return nil, fmt.Errorf("decode %s: %w", filepath.Base(path), err)
		}
		name := filepath.Base(path)
		all = append(all, Photograph{name[:len(name)-len(".jpg")], file, toRGBA(decoded)})
	}
	return all, nil
}

func toRGBA(m image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}
