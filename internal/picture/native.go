//go:build linux && cgo

package picture

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

// The part of the TurboJPEG interface, version 2, that is used here.
typedef struct {
	void *(*begin)(void);
	int (*header)(void *, const unsigned char *, unsigned long, int *, int *, int *, int *);
	int (*decode)(void *, const unsigned char *, unsigned long, unsigned char *, int, int, int, int, int);
	int (*end)(void *);
} turbo;

static int turbo_open(turbo *t) {
	void *lib = dlopen("libturbojpeg.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!lib) return 0;
	t->begin = dlsym(lib, "tjInitDecompress");
	t->header = dlsym(lib, "tjDecompressHeader3");
	t->decode = dlsym(lib, "tjDecompress2");
	t->end = dlsym(lib, "tjDestroy");
	return t->begin && t->header && t->decode && t->end;
}

// turbo_grey writes the luminance of a JPEG of the given size that is grey or Y, Cb, Cr, and gives 1 if nothing at
// all was amiss.
static int turbo_grey(turbo *t, const unsigned char *data, unsigned long size, unsigned char *out, int width, int height) {
	enum { YCBCR = 1, GREY = 2, GREY_PIXELS = 6 };
	int w = 0, h = 0, sampling = 0, space = 0, done = 0;
	void *decoder = t->begin();
	if (!decoder) return 0;
	if (t->header(decoder, data, size, &w, &h, &sampling, &space) == 0 && w == width && h == height &&
		(space == YCBCR || space == GREY))
		done = t->decode(decoder, data, size, out, w, 0, h, GREY_PIXELS, 0) == 0;
	t->end(decoder);
	return done;
}

// The part of libheif's interface, as of 1.4, that is used here.
typedef struct {
	int code, subcode;
	const char *message;
} heif_fault;

typedef struct {
	void *(*begin)(void);
	void (*end)(void *);
	heif_fault (*read)(void *, const void *, size_t, const void *);
	heif_fault (*primary)(void *, void **);
	int (*width)(const void *);
	int (*height)(const void *);
	void (*forget)(const void *);
	heif_fault (*decode)(const void *, void **, int, int, const void *);
	const uint8_t *(*plane)(const void *, int, int *);
	int (*plane_width)(const void *, int);
	int (*plane_height)(const void *, int);
	void (*release)(const void *);
	void (*threads)(void *, int);
	void (*limit)(void *, int);
} heif;

static int heif_open(heif *f) {
	void *lib = dlopen("libheif.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!lib) return 0;
	f->begin = dlsym(lib, "heif_context_alloc");
	f->end = dlsym(lib, "heif_context_free");
	f->read = dlsym(lib, "heif_context_read_from_memory_without_copy");
	f->primary = dlsym(lib, "heif_context_get_primary_image_handle");
	f->width = dlsym(lib, "heif_image_handle_get_width");
	f->height = dlsym(lib, "heif_image_handle_get_height");
	f->forget = dlsym(lib, "heif_image_handle_release");
	f->decode = dlsym(lib, "heif_decode_image");
	f->plane = dlsym(lib, "heif_image_get_plane_readonly");
	f->plane_width = dlsym(lib, "heif_image_get_width");
	f->plane_height = dlsym(lib, "heif_image_get_height");
	f->release = dlsym(lib, "heif_image_release");
	f->threads = dlsym(lib, "heif_context_set_max_decoding_threads"); // since 1.13
	f->limit = dlsym(lib, "heif_context_set_maximum_image_size_limit");
	heif_fault (*load_codecs)(void *) = dlsym(lib, "heif_init"); // since 1.13; before, codecs are part of the library
	if (load_codecs) load_codecs(NULL);
	return f->begin && f->end && f->read && f->primary && f->width && f->height && f->forget && f->decode && f->plane &&
		f->plane_width && f->plane_height && f->release && f->limit;
}

enum { HEIF_DECODED, HEIF_DAMAGED, HEIF_TOO_LARGE };

typedef struct {
	int status, width, height, stride;
	const uint8_t *rgba;
	void *image;
} heif_picture;

// heif_rgba decodes the main picture of a file, upright, to eight bits a colour. heif_done frees it.
static void heif_rgba(heif *f, const void *data, size_t size, int max_side, int max_pixels, heif_picture *p) {
	enum { RGB = 1, RGBA_ROWS = 11, INTERLEAVED = 10 };
	void *handle = NULL, *context = f->begin();
	p->status = HEIF_DAMAGED;
	if (!context) return;
	f->limit(context, max_side);
	if (f->threads) f->threads(context, 0);
	if (f->read(context, data, size, NULL).code == 0 && f->primary(context, &handle).code == 0) {
		p->width = f->width(handle);
		p->height = f->height(handle);
		if (p->width > max_side || p->height > max_side || (int64_t)p->width * p->height > max_pixels)
			p->status = HEIF_TOO_LARGE;
		else if (f->decode(handle, &p->image, RGB, RGBA_ROWS, NULL).code == 0) {
			p->rgba = f->plane(p->image, INTERLEAVED, &p->stride);
			p->width = f->plane_width(p->image, INTERLEAVED);
			p->height = f->plane_height(p->image, INTERLEAVED);
			if (p->rgba && p->width > 0 && p->height > 0) p->status = HEIF_DECODED;
		}
		f->forget(handle);
	}
	f->end(context);
}

static void heif_done(heif *f, heif_picture *p) {
	if (p->image) f->release(p->image);
}
*/
import "C"

import (
	"errors"
	"image"
	"unsafe"
)

// turboJPEG is libjpeg-turbo, several times faster than Go in what it does with vector instructions. Its integer
// transform is ours, so that the luminance is the same in every bit.
type turboJPEG struct{ t C.turbo }

func openTurboJPEG() *turboJPEG {
	var l turboJPEG
	if C.turbo_open(&l.t) == 0 {
		return nil
	}
	return &l
}

var errNotTurbo = errors.New("not for libjpeg-turbo, or damaged")

// decode gives the luminance of a file without fault.
func (l *turboJPEG) decode(data []byte, size image.Point) (*image.Gray, error) {
	g := image.NewGray(image.Rectangle{Max: size})
	if C.turbo_grey(&l.t, (*C.uchar)(&data[0]), C.ulong(len(data)), (*C.uchar)(&g.Pix[0]), C.int(size.X), C.int(size.Y)) == 0 {
		return nil, errNotTurbo
	}
	return g, nil
}

// libHEIF decodes HEIC and AVIF (ISO/IEC 23008-12) by libheif and the codecs that it finds.
type libHEIF struct{ f C.heif }

func openLibHEIF() *libHEIF {
	var l libHEIF
	if C.heif_open(&l.f) == 0 {
		return nil
	}
	return &l
}

// decode gives the main picture, turned and cut as the file says. The error is a Refusal.
func (l *libHEIF) decode(data []byte) (image.Image, error) {
	var p C.heif_picture
	C.heif_rgba(&l.f, unsafe.Pointer(&data[0]), C.size_t(len(data)), MaxSide, MaxPixels, &p)
	defer C.heif_done(&l.f, &p)
	switch p.status {
	case C.HEIF_TOO_LARGE:
		return nil, Refuse(ReasonTooManyPixels)
	case C.HEIF_DAMAGED:
		return nil, Refuse(ReasonDamaged)
	}
	if err := checkSize(int(p.width), int(p.height)); err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(p.width), int(p.height)))
	rows := unsafe.Slice((*byte)(p.rgba), int(p.stride)*int(p.height))
	for y := range int(p.height) {
		copy(img.Pix[y*img.Stride:(y+1)*img.Stride], rows[y*int(p.stride):])
	}
	return img, nil
}
