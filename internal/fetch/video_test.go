package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

const videoHead = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"

// ftyp is how an MP4 file begins.
const ftyp = "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"

func TestVideoKeepsTheBodyOfAVideoAndOfNothingElse(t *testing.T) {
	for _, row := range []struct {
		name, answer string
		kind         Kind
		body         string
	}{
		{"a video", videoHead + "\r\n" + ftyp, KindVideo, ftyp},
		{"a page", okHead + "\r\n<!doctype html><p>", KindPage, ""},
		{"a picture", "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n\xff\xd8\xff\xe0", KindImage, ""},
	} {
		l, err := whole(t, row.answer).Video(context.Background(), here)
		mustClass(t, l, err, ClassOK)
		if l.Kind != row.kind || string(l.Body) != row.body {
			t.Errorf("%s: %s with %d bytes", row.name, l.Kind, len(l.Body))
		}
	}
	for name, look := range map[string]func(*Client) (Look, error){
		"Look":  func(c *Client) (Look, error) { return c.Look(context.Background(), here) },
		"Media": func(c *Client) (Look, error) { return c.Media(context.Background(), here) },
	} {
		l, err := look(whole(t, videoHead+"\r\n"+ftyp))
		if mustClass(t, l, err, ClassOK); l.Body != nil {
			t.Errorf("%s kept %d bytes of a video", name, len(l.Body))
		}
	}
}

func TestAVideoWithoutEndStopsAtItsLimit(t *testing.T) {
	for name, head := range map[string]string{
		"endless":   videoHead + "\r\n" + ftyp,
		"announced": videoHead + "Content-Length: 10737418240\r\n\r\n" + ftyp,
	} {
		c, gone := rawServer(t, flood(head, strings.Repeat("a", 1000)))
		c.options.Limits.VideoBytes = 9 << 20
		l, err := c.Video(context.Background(), here)
		mustClass(t, l, err, ClassTooLarge)
		if l.Body != nil {
			t.Errorf("%s: %d bytes kept", name, len(l.Body))
		}
		<-gone
	}
	large := ftyp + strings.Repeat("a", 8<<20)
	c, _ := rawServer(t, func(conn net.Conn) { _, _ = io.WriteString(conn, videoHead+"\r\n"+large) })
	c.options.Limits.VideoBytes = int64(len(large))
	l, err := c.Video(context.Background(), here)
	if mustClass(t, l, err, ClassOK); len(l.Body) != len(large) {
		t.Errorf("%d bytes of a video that just fits", len(l.Body))
	}
}

func TestAVideoHasItsOwnTime(t *testing.T) {
	c, gone := rawServer(t, drip(videoHead+"\r\n"+ftyp+strings.Repeat("a", 1000), time.Millisecond))
	c.options.Limits.MinRate, c.options.Limits.Total, c.options.Limits.Video = 0, time.Hour, 100*time.Millisecond
	l, err := c.Video(context.Background(), here)
	mustClass(t, l, err, ClassTimeout)
	<-gone
}

func TestVideosOfPlayersAreTold(t *testing.T) {
	for url, want := range map[string]bool{"a.m3u8": true, "a.MPD?x=1": true, "a.mp4": false, "m3u8": false} {
		page := FindMedia(fmt.Appendf(nil, "<html><video src=%s></video>", url), "text/html", "https://www.example.com/")
		if len(page.Media) != 1 || page.Media[0].Streamed() != want {
			t.Errorf("%s: %+v", url, page.Media)
		}
	}
}
