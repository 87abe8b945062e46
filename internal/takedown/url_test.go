package takedown

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

func raws(found []Found) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Raw)
	}
	return out
}

func TestFindsAddressesInWhateverIsPasted(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"one a line", "https://a.example/1\nhttp://b.example/2\r\nHTTPS://C.example/3\rhttps://d.example/4",
			[]string{"https://a.example/1", "http://b.example/2", "HTTPS://C.example/3", "https://d.example/4"}},
		{"several on one line", "https://a.example/1 https://b.example/2\thttps://c.example/3",
			[]string{"https://a.example/1", "https://b.example/2", "https://c.example/3"}},
		{"the same twice", "https://a.example/1 https://a.example/1", []string{"https://a.example/1", "https://a.example/1"}},
		{"a longer one first", "https://a.example/12 https://a.example/1", []string{"https://a.example/12", "https://a.example/1"}},
		{"in the order given", "www.a.example/1 https://b.example/2 c.example/3",
			[]string{"https://www.a.example/1", "https://b.example/2", "https://c.example/3"}},
		{"running text", "Bonjour, c’est sur https://a.example/x, et (peut-être) https://b.example/y.",
			[]string{"https://a.example/x", "https://b.example/y"}},
		{"French spaces", "Ici\u00a0: https://a.example/x\u00a0; «\u00a0https://b.example/y\u202f»\u00a0!", []string{"https://a.example/x", "https://b.example/y"}},
		{"invisible marks", "\ufeffhttps://a.example/x\u200b\nhttps://b.example/y\u200e.", []string{"https://a.example/x", "https://b.example/y"}},
		{"a mail", "> https://a.example/x\n> > www.b.example\n>> c.example\n> Le lundi, Léa a écrit :",
			[]string{"https://a.example/x", "https://www.b.example", "https://c.example"}},
		{"bullets", "- https://a.example/x\n• b.example\n* c.example\n1) https://d.example/y",
			[]string{"https://a.example/x", "https://b.example", "https://c.example", "https://d.example/y"}},
		{"angle brackets", "<https://a.example/x> <https://b.example/y>,", []string{"https://a.example/x", "https://b.example/y"}},
		{"quotation marks", `"https://a.example/x" 'https://b.example/y' “https://c.example/z” ` + "`https://d.example/w`",
			[]string{"https://a.example/x", "https://b.example/y", "https://c.example/z", "https://d.example/w"}},
		{"markdown", "[photo](https://a.example/x), [https://b.example/y](https://b.example/y)text [c](www.c.example/z)",
			[]string{"https://a.example/x", "https://b.example/y", "https://b.example/y", "https://www.c.example/z"}},
		{"bold", "**https://a.example/x** *https://b.example/y*", []string{"https://a.example/x", "https://b.example/y"}},
		{"HTML", `<p><a href="https://a.example/x?a=1&amp;b=2">ici</a> <a href='https://b.example/y'>https://b.example/y</a> <img src=https://c.example/z></p>`,
			[]string{"https://a.example/x?a=1&b=2", "https://b.example/y", "https://b.example/y", "https://c.example/z"}},
		{"forum code", "[url]https://a.example/x[/url] [url=https://b.example/y]ici[/url] [img]https://c.example/z.jpg[/img]",
			[]string{"https://a.example/x", "https://b.example/y", "https://c.example/z.jpg"}},
		{"a list of a program", "['https://a.example/x','https://b.example/y', 'https://c.example/z']",
			[]string{"https://a.example/x", "https://b.example/y", "https://c.example/z"}},
		{"commas without spaces", "https://a.example/x,https://b.example/y;https://c.example/z|https://d.example/w",
			[]string{"https://a.example/x", "https://b.example/y", "https://c.example/z", "https://d.example/w"}},
		{"a table", "url,date,note\nhttps://a.example/x,2026-01-02,vu\n\nhttps://b.example/y,2026-01-03,", []string{"https://a.example/x", "https://b.example/y"}},
		{"a table of a French office", "n°;adresse;date\n1;https://a.example/x;02/01/2026\n2;b.example/y;03/01/2026",
			[]string{"https://a.example/x", "https://b.example/y"}},
		{"a table without names of columns", "1,https://a.example/x,2026-01-02\n2,https://b.example/y,2026-01-03", []string{"https://a.example/x", "https://b.example/y"}},
		{"a table with quotation marks", "\"url\",\"note\"\n\"https://a.example/x,1\",\"vu\"", []string{"https://a.example/x,1"}},
		{"a table of tabs", "1\thttps://a.example/x\tvu", []string{"https://a.example/x"}},
		{"a markdown table", "| url | note |\n|---|---|\n|https://a.example/x|vu|", []string{"https://a.example/x"}},
		{"a comma of the address", "https://a.example/article/2010,1-0,36.html\nhttps://a.example/@48.85,2.35,15z",
			[]string{"https://a.example/article/2010,1-0,36.html", "https://a.example/@48.85,2.35,15z"}},
		{"a greeting before a comma of the address", "Bonjour, voici\nhttps://a.example/2010,1.html", []string{"https://a.example/2010,1.html"}},
		{"brackets around a bare one", "voir (www.a.example/x) ou [b.example/y].", []string{"https://www.a.example/x", "https://b.example/y"}},
		{"balanced brackets", "https://fr.wikipedia.example/wiki/Nuit_(film) (https://fr.wikipedia.example/wiki/Nuit_(film)) (voir https://a.example/x)",
			[]string{"https://fr.wikipedia.example/wiki/Nuit_(film)", "https://fr.wikipedia.example/wiki/Nuit_(film)", "https://a.example/x"}},
		{"brackets of a query", "https://a.example/?id[]=1&id[]=2", []string{"https://a.example/?id[]=1&id[]=2"}},
		{"punctuation after it", "https://a.example/1. https://a.example/2, https://a.example/3; https://a.example/4: https://a.example/5! https://a.example/6? https://a.example/7...",
			[]string{"https://a.example/1", "https://a.example/2", "https://a.example/3", "https://a.example/4", "https://a.example/5", "https://a.example/6", "https://a.example/7"}},
		{"marks that belong to it", "https://a.example/x/ https://a.example/?q=a%20b&c=d#e https://a.example/~u/-_-", []string{"https://a.example/x/", "https://a.example/?q=a%20b&c=d#e", "https://a.example/~u/-_-"}},
		{"disguised", "hxxp://a[.]example/x hxxps[:]//b.example/y hXXps://c(.)example/z hxxps[://]d[dot]example/w",
			[]string{"http://a.example/x", "https://b.example/y", "https://c.example/z", "https://d.example/w"}},
		{"disguised without a scheme", "a[.]example/x\nb[dot]example/y\nc(.)example", []string{"https://a.example/x", "https://b.example/y", "https://c.example"}},
		{"an address in an address", "https://web.archive.example/web/2020/https://a.example/x https://a.example/?u=https://b.example/y",
			[]string{"https://web.archive.example/web/2020/https://a.example/x", "https://a.example/?u=https://b.example/y"}},
		{"glued to a word", "lienhttps://a.example/x", []string{"https://a.example/x"}},
		{"bare", "www.a.example\nb.example/x\nc.example:8080/y\nbücher.example/z\nd.example.", []string{"https://www.a.example", "https://b.example/x", "https://c.example:8080/y", "https://bücher.example/z", "https://d.example"}},
		{"other schemes, for the guard to refuse", "ftp://a.example/x\njavascript:alert(1)\nttps://b.example/y", []string{"ftp://a.example/x", "javascript:alert(1)", "ttps://b.example/y"}},
		{"for the guard to refuse", "https://127.0.0.1/x http://user:pw@a.example/ http://[::1]/", []string{"https://127.0.0.1/x", "http://user:pw@a.example/", "http://[::1]/"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, _ := FindAddresses(c.text)
			if got := raws(found); !slices.Equal(got, c.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
			}
		})
	}
}

func TestWhatIsNoAddressIsLeftForThePersonToSee(t *testing.T) {
	for _, line := range []string{
		"lea@mail.example", "Léa Dupont <lea@mail.example>", "lea.dupont@mail.example, l@b.example", "mailto:lea@mail.example",
		"MAILTO:lea@mail.example", `<a href="mailto:lea@mail.example">écrire</a>`, "lea@www.mail.example",
		"je ne sais plus", "c’est ok.Je vous laisse voir", "12:30", "?", "-", "...", "www", "Date :",
		"06 12 34 56 78", "url,note", "a.b", "\u200b",
	} {
		found, left := FindAddresses(line)
		if len(found) > 0 || len(left) != 1 || left[0] != (Leftover{1, strings.TrimSpace(line)}) {
			t.Errorf("%q: found %q, left %v", line, raws(found), left)
		}
	}
	if found, left := FindAddresses(" \n\t\r\n\u00a0\n"); len(found)+len(left) > 0 {
		t.Errorf("blank lines gave %v and %v", found, left)
	}
}

func TestFoundKeepsTheBytesAndTellsWhatWasRepaired(t *testing.T) {
	found, left := FindAddresses("Bonjour\n\nHTTPS://A.example/%7Eu?b=2&a=1#f\nhxxp://b.example/x\nwww.c.example")
	want := []Found{{3, "HTTPS://A.example/%7Eu?b=2&a=1#f", false}, {4, "http://b.example/x", true}, {5, "https://www.c.example", true}}
	if !slices.Equal(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
	if !slices.Equal(left, []Leftover{{1, "Bonjour"}}) {
		t.Errorf("left %v", left)
	}
}

func TestAPageOfEverythingLosesNothing(t *testing.T) {
	text, err := os.ReadFile("testdata/paste.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/paste.golden")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	found, left := FindAddresses(string(text))
	for _, f := range found {
		fmt.Fprintf(&got, "%d found %s\n", f.Line, f.Raw)
	}
	for _, l := range left {
		fmt.Fprintf(&got, "%d left %s\n", l.Line, l.Text)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s", got.String())
	}
}

func TestFiveThousandLinesAreAllFound(t *testing.T) {
	var text strings.Builder
	for n := range 5000 {
		fmt.Fprintf(&text, "https://host%d.example/album/%d?page=%d\r\n", n%97, n, n)
	}
	found, left := FindAddresses(text.String())
	if len(found) != 5000 || len(left) != 0 {
		t.Fatalf("found %d, left %d", len(found), len(left))
	}
	for n, f := range found {
		if f.Line != n+1 || f.Raw != fmt.Sprintf("https://host%d.example/album/%d?page=%d", n%97, n, n) {
			t.Fatalf("line %d gave %v", n+1, f)
		}
	}
}

// TestFindingTakesLinearTime gives the text that is worst for each loop, once
// and eight times as long. A loop within a loop takes 64 times as long over it.
func TestFindingTakesLinearTime(t *testing.T) {
	runtime.LockOSThread() // its processor time is counted, which other work on the machine does not lengthen
	defer runtime.UnlockOSThread()
	for _, piece := range []string{
		"https://a.b ", "https://", "https://a,", ")", "(", "[/", ",", "a: ", "a.b/ ", "www.", "a.", "a-", "[.]", ">", ". ", "https://a,https://b", "'", "é", "\xff", "](", "x.y,\n",
	} {
		for name, text := range map[string]func(size int) string{
			"alone":      func(size int) string { return strings.Repeat(piece, size/len(piece)) },
			"in one":     func(size int) string { return "https://a.b/" + strings.Repeat(piece, size/len(piece)) },
			"and closed": func(size int) string { return strings.Repeat(piece, size/len(piece)) + strings.Repeat(".)", size/2) },
		} {
			if !slices.ContainsFunc([]int{1, 2, 3}, func(int) bool { return growsEvenly(t, text) }) {
				t.Errorf("%q %s takes more than its share of time", piece, name)
			}
		}
	}
}

// growsEvenly tells whether eight times the text took at most 25 times as long,
// or too little time to tell.
func growsEvenly(t *testing.T, text func(size int) string) bool {
	t.Helper()
	took := func(size int) time.Duration {
		long := text(size)
		begun := threadTime(t)
		FindAddresses(long)
		return threadTime(t) - begun
	}
	short, long := took(1<<13), took(1<<16)
	return long < 50*time.Millisecond || long < 25*short
}

// threadTime is how long this thread has had a processor.
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const thisThread = 1 // RUSAGE_THREAD
	var used syscall.Rusage
	if err := syscall.Getrusage(thisThread, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func FuzzFindAddresses(f *testing.F) {
	for _, s := range []string{
		"https://a.example/x\nb.example\r\nlea@mail.example", "url,note\nhttps://a.example/x,1", "hxxp[://]a[.]example/(x))", "[https://a.b/c](https://a.b/c)",
		"\ufeffhttps://a.example/\u200b", "https://\xff\xfe/\x00", "> > (www.a.example)", "mailto:a@b.example", "'https://a','https://b'", "httpſ://a.example", "İ://x", "|https://a.example/x|vu|",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, left := FindAddresses(text)
		seen := map[int]bool{}
		for _, a := range found {
			if a.Raw == "" || strings.ContainsAny(a.Raw, " \t\r\n<>\"") {
				t.Errorf("line %d gave %q", a.Line, a.Raw)
			}
			if !a.Repaired && !strings.Contains(text, a.Raw) {
				t.Errorf("line %d gave %q, which is not in the text", a.Line, a.Raw)
			}
			seen[a.Line] = true
		}
		for _, l := range left {
			if seen[l.Line] || strings.TrimSpace(l.Text) == "" {
				t.Errorf("line %d is left as %q", l.Line, l.Text)
			}
			seen[l.Line] = true
		}
		for n, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
			if blank := strings.TrimSpace(line) == ""; blank == seen[n+1] && utf8.ValidString(line) {
				t.Errorf("line %d, %q, is lost", n+1, line)
			}
		}
	})
}
