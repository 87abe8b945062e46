//go:build !(linux && cgo)

package picture

import (
	"errors"
	"image"
)

// Where there is no dynamic linking there are no libraries in C.
type turboJPEG struct{}

type libHEIF struct{}

var errNone = errors.New("no such library here")

func openTurboJPEG() *turboJPEG { return nil }

func (*turboJPEG) decode([]byte, image.Point) (*image.Gray, error) { return nil, errNone }

func openLibHEIF() *libHEIF { return nil }

func (*libHEIF) decode([]byte) (image.Image, error) { return nil, errNone }
