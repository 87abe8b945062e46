package textfile

import (
	"errors"
	"testing"
)

func TestFilesAreReadAsTextOrRefused(t *testing.T) {
	const want = "https://pics.example/é\nnext"
	wide := func(mark string, order func(byte) []byte) []byte {
		out := []byte(mark)
		for _, b := range []byte("https://pics.example/a") {
			out = append(out, order(b)...)
		}
		return out
	}
	for name, c := range map[string]struct{ in, out string }{
		"utf-8":        {want, want},
		"a mark":       {"\xef\xbb\xbf" + want, want},
		"windows-1252": {"https://pics.example/\xe9\r\nnext", want},
		"utf-16le":     {string(wide("\xff\xfe", func(b byte) []byte { return []byte{b, 0} })), "https://pics.example/a"},
		"utf-16be":     {string(wide("\xfe\xff", func(b byte) []byte { return []byte{0, b} })), "https://pics.example/a"},
		"a mail": {
			"From: x@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n" +
				"Content-Transfer-Encoding: quoted-printable\r\n\r\nhttps://pics.example/?a=3D1&b=\r\n=3D2\r\n--b\r\nContent-Type: image/png\r\n\r\nxx\r\n--b--\r\n",
			"https://pics.example/?a=1&b=2\n\n",
		},
	} {
		if got, err := Read([]byte(c.in)); err != nil || got != c.out {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, in := range map[string]string{"a picture": "\xff\xd8\xff\xe0\x00JFIF", "packed": "PK\x03\x04", "a PDF": "%PDF-1.7\nx"} {
		if _, err := Read([]byte(in)); !errors.Is(err, ErrNoText) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
