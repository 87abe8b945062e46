package fetch

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

const pageURL = "https://www.example.com/dir/page.html?x=1"

// found lists what a page holds as "from url [size] [< covered by]".
func found(page Page) []string {
	var out []string
	for _, m := range page.Media {
		line := m.From + " " + strings.TrimPrefix(m.URL, "https://www.example.com")
		if m.Kind != FoundImage {
			line += " " + string(m.Kind)
		}
		if m.Width+m.Height > 0 {
			line += fmt.Sprintf(" %dx%d", m.Width, m.Height)
		}
		if m.CoveredBy != "" {
			line += " < " + strings.TrimPrefix(m.CoveredBy, "https://www.example.com")
		}
		out = append(out, line)
	}
	return out
}

func TestFindMediaFindsEveryPlaceAPageShowsPicturesIn(t *testing.T) {
	for name, row := range map[string]struct {
		page string
		want []string
	}{
		"img":              {`<img src="a.jpg"><IMG SRC=/b.jpg width=800 height="600px">`, []string{"img /b.jpg 800x600", "img /dir/a.jpg"}},
		"srcset":           {`<img src=s.jpg srcset="s.jpg 300w, m.jpg 800w,l,1.jpg 1600w">`, []string{"srcset /dir/l,1.jpg 1600x0", "img /dir/s.jpg < /dir/l,1.jpg"}},
		"density":          {`<img srcset="one.jpg, two.jpg 2x">`, []string{"srcset /dir/two.jpg 1200x0"}},
		"lazy":             {`<img src="placeholder.gif" data-src="real.jpg">`, []string{"lazy /dir/real.jpg", "img /dir/placeholder.gif < /dir/real.jpg"}},
		"lazy data URL":    {`<img src="data:image/gif;base64,AAAA" data-original=" real.jpg ">`, []string{"lazy /dir/real.jpg"}},
		"lazy srcset":      {`<img src="t.jpg" data-srcset="b.jpg 1024w">`, []string{"srcset /dir/b.jpg 1024x0", "img /dir/t.jpg < /dir/b.jpg"}},
		"noscript":         {`<noscript><img src="a.jpg"></noscript>`, []string{"img /dir/a.jpg"}},
		"picture":          {`<picture><source srcset="b.avif 2000w"><source srcset="b.webp 900w"><img src=b.jpg></picture><img src=c.jpg>`, []string{"picture /dir/b.avif 2000x0", "img /dir/b.jpg < /dir/b.avif", "img /dir/c.jpg"}},
		"picture no img":   {`<picture><source srcset="b.avif 2000w"></picture>`, []string{"picture /dir/b.avif 2000x0"}},
		"video":            {`<video src=v.mp4 poster=p.jpg width=640 height=360></video>`, []string{"video /dir/v.mp4 video 640x360", "poster /dir/p.jpg poster 640x360"}},
		"video sources":    {`<video><source src=v.webm type=video/webm><source src=v.mp4></video><audio><source src=a.mp3></audio>`, []string{"video /dir/v.webm video", "video /dir/v.mp4 video"}},
		"open graph":       {`<meta property="og:image" content="/og.jpg"><meta property="og:image:width" content=1200><meta property="og:image:height" content=630><meta property="og:video:url" content="/v.mp4"><meta property="og:video" content="/player">`, []string{"og /v.mp4 video", "og /og.jpg 1200x630"}},
		"twitter":          {`<meta name="twitter:image" content="https://cdn.example.net/t.jpg">`, []string{"twitter https://cdn.example.net/t.jpg"}},
		"JSON-LD":          {`<script type="application/ld+json">{"@graph":[{"@type":"VideoObject","contentUrl":"/v","thumbnailUrl":["/t.jpg"]},{"@type":"ImageObject","contentUrl":"/i"},{"image":{"url":"/u.jpg"}}]}</script>`, []string{"jsonld /v video", "jsonld /t.jpg", "jsonld /i", "jsonld /u.jpg"}},
		"link":             {`<a href="full.JPG?d=1">see</a><a href="page2.html">no</a><a href=v.m3u8>v</a>`, []string{"link /dir/v.m3u8 video", "link /dir/full.JPG?d=1"}},
		"thumbnail":        {`<a href="full.jpg"><img src="thumb.jpg" width=2000 height=2000></a><img src=other.jpg>`, []string{"link /dir/full.jpg", "img /dir/thumb.jpg 2000x2000 < /dir/full.jpg", "img /dir/other.jpg"}},
		"link to itself":   {`<a href="a.jpg"><img src="a.jpg"></a>`, []string{"link /dir/a.jpg"}},
		"style":            {`<div style="background:url( 'bg.jpg' ) no-repeat, url(/c.jpg)"><p data-bg="d.jpg">`, []string{"lazy /dir/d.jpg", "style /dir/bg.jpg", "style /c.jpg"}},
		"image_src":        {`<link rel="image_src" href="/i.jpg"><link rel=icon href=/favicon.png><link rel=preload as=image href=/p.jpg>`, []string{"og /i.jpg", "img /p.jpg"}},
		"base":             {`<base href="//cdn.example.net/x/"><base href="/ignored/"><img src=a.jpg>`, []string{"img https://cdn.example.net/x/a.jpg"}},
		"private base":     {`<base href="http://127.0.0.1/"><img src=a.jpg>`, []string{"img /dir/a.jpg"}},
		"relative":         {`<img src="../a b.jpg"><img src="?i=1"><img src="//cdn.example.net/c">`, []string{"img /a%20b.jpg", "img /dir/page.html?i=1", "img https://cdn.example.net/c"}},
		"ornaments last":   {`<img src=logo.png width=900 height=900><img src=a.jpg width=50 height=50><img src=1.gif width=1 height=1><img src=x.svg>`, []string{"img /dir/a.jpg 50x50", "img /dir/logo.png 900x900"}},
		"same twice":       {`<img src=a.jpg><img src="./a.jpg#x" width=10 height=10><img src=%61.jpg>`, []string{"img /dir/a.jpg 10x10"}},
		"nothing of these": {`<img src="http://127.0.0.1/a.jpg"><img src="javascript:a.jpg"><img src="#a"><img src=""><img src="http://[::1]/a.jpg"><img src="file:///a.jpg"><!-- <img src=c.jpg> --><script>"<img src=d.jpg>"</script>`, nil},
	} {
		if got := found(FindMedia([]byte("<html>"+row.page), "text/html", pageURL)); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", row.want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, row.want)
		}
	}
}

func TestDirectMediaAddressIsItsOwnFind(t *testing.T) {
	page := FindMedia([]byte("\xff\xd8\xff\xe0"), "image/jpeg", "https://www.example.com/a")
	if got := found(page); len(got) != 1 || got[0] != "direct /a" {
		t.Errorf("found %q", got)
	}
	page = FindMedia(nil, "video/mp4", "https://www.example.com/v")
	if got := found(page); len(got) != 1 || got[0] != "direct /v video" {
		t.Errorf("found %q", got)
	}
}

func TestFoundIsBoundedAndSaysSo(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "<img src=%d.jpg>", i)
	}
	page := FindMedia([]byte(b.String()), "text/html", pageURL)
	if len(page.Media) != 200 || !page.Truncated {
		t.Errorf("%d found, truncated %v", len(page.Media), page.Truncated)
	}
}

func TestPageTextIsWhatAPersonReads(t *testing.T) {
	page := FindMedia([]byte(`<!doctype html><head><title>A
 &amp; B</title><style>p{}</style><script>var x</script></head><body><svg><title>icon</title></svg>
<h1>Hello <b>you</b></h1><h1>second</h1><p>some   text</p><noscript>no script</noscript><template>hidden</template><textarea>typed</textarea>end`), "text/html", pageURL)
	if page.Title != "A & B" || page.Heading != "Hello you" || page.Text != "Hello you second some text end" {
		t.Errorf("%q %q %q", page.Title, page.Heading, page.Text)
	}
	long := FindMedia([]byte("<html>"+strings.Repeat("é ", 1<<20)), "text/html", pageURL)
	if len(long.Text) > maxText || len(long.Text) < maxText-10 || !utf8.ValidString(long.Text) {
		t.Errorf("%d bytes of text", len(long.Text))
	}
}

func TestBomb23AnyCharsetGivesValidUTF8(t *testing.T) {
	late := strings.Repeat(" ", 2000)
	for name, row := range map[string]struct{ body, declared, want string }{
		"utf-8":               {"<title>été</title>", "text/html; charset=utf-8", "été"},
		"utf-8 undeclared":    {"<html>" + late + "<title>été</title>", "text/html", "été"},
		"latin1":              {"<title>\xe9t\xe9</title>", "text/html", "été"},
		"declared by meta":    {"<meta charset=windows-1251><title>\xe4\xe0</title>", "text/html", "да"},
		"utf-16 with mark":    {"\xff\xfe<\x00t\x00i\x00t\x00l\x00e\x00>\x00a\x00", "text/html", "a"},
		"utf-16 without mark": {"<\x00t\x00i\x00t\x00l\x00e\x00>\x00a\x00", "text/html; charset=utf-16le", "a"},
		"false utf-16":        {"<title>a</title>", "text/html; charset=utf-16", ""},
		"utf-7":               {"<title>+ADw-script+AD4-</title>", "text/html; charset=utf-7", "+ADw-script+AD4-"},
		"late meta":           {"<html>" + late + "<meta charset=windows-1251><title>\xe9</title>", "text/html", "é"},
		"false utf-8":         {"<title>a\xff</title>", "text/html; charset=utf-8", "a\uFFFD"},
		"unknown":             {"<title>a</title>", "text/html; charset=klingon", "a"},
	} {
		page := FindMedia([]byte(row.body), row.declared, pageURL)
		if page.Title != row.want || !utf8.ValidString(page.Title+page.Text) {
			t.Errorf("%s: title %q, want %q", name, page.Title, row.want)
		}
	}
}

func TestBomb24HostilePagesEndWithinTheirBounds(t *testing.T) {
	for name, page := range map[string]string{
		"nested div":         strings.Repeat("<div>", 1_000_000),
		"attributes":         "<p " + strings.Repeat("a=b ", 120_000) + "><img src=a.jpg>",
		"huge tag":           "<p " + strings.Repeat("a=b ", 500_000) + ">",
		"misnested":          strings.Repeat("<b><p>", 200_000),
		"unclosed comment":   "<!--" + strings.Repeat("a", 5<<20),
		"unclosed script":    "<script>" + strings.Repeat("<!--<script>", 400_000),
		"unclosed title":     "<title>" + strings.Repeat("a", 5<<20),
		"entities":           strings.Repeat("&amp", 1_200_000),
		"srcsets":            strings.Repeat(`<img srcset="`+strings.Repeat("a 1w,", 200)+`">`, 5000),
		"distinct pictures":  strings.Repeat(`<img src="`+strings.Repeat("../", 500)+`a.jpg">`, 3000),
		"styles":             strings.Repeat(`<p style="`+strings.Repeat("url(a)", 1000)+`">`, 800),
		"deep JSON":          `<script type="application/ld+json">` + strings.Repeat("[", 200_000),
		"wide JSON":          `<script type="application/ld+json">[` + strings.Repeat(`"a",`, 50_000) + `1]</script>`,
		"nested svg":         strings.Repeat("<svg><math><annotation-xml>", 150_000),
		"tables and selects": strings.Repeat("<table><select><tr>", 200_000),
	} {
		start := time.Now()
		got := FindMedia([]byte("<html>"+page[:min(len(page), 5<<20)]), "text/html", pageURL)
		if took := time.Since(start); took > 4*time.Second { // the bound is 1 s; the race detector slows the last steps
			t.Errorf("%s: %s", name, took)
		}
		if len(got.Media) > maxFound || len(got.Text) > maxText {
			t.Errorf("%s: %d found, %d bytes of text", name, len(got.Media), len(got.Text))
		}
		if len(page) > 4<<20 && !got.Truncated && name != "entities" && name != "srcsets" && name != "distinct pictures" && name != "styles" {
			t.Errorf("%s: not said to be truncated", name)
		}
	}
}

func FuzzFindMedia(f *testing.F) {
	f.Add([]byte(`<base href=x><a href=a.jpg><img srcset="a 1w, b 2x" style="url(x)"><video><source src=b><script type=application/ld+json>{"image":[]}`), "text/html; charset=utf-8")
	f.Add([]byte("\xff\xfe<\x00"), "text/html")
	f.Fuzz(func(t *testing.T, body []byte, declared string) {
		page := FindMedia(body, declared, pageURL)
		if !utf8.ValidString(page.Title + page.Heading + page.Text) {
			t.Fatal("text is not valid UTF-8")
		}
		for _, m := range page.Media {
			if !Judge(m.URL).Store || m.Width < 0 || m.Height < 0 {
				t.Fatalf("found %+v", m)
			}
		}
		PageSays(page, 200, pageURL)
	})
}
