package fetch

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

type corpusRow struct{ id, fetch, store, stage, url, note string }

// readRows gives the tab-separated columns of a corpus file.
func readRows(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

func corpus(t testing.TB) []corpusRow {
	t.Helper()
	var rows []corpusRow
	for _, c := range readRows(t, "hostile_urls.txt") {
		u, err := strconv.Unquote(c[4])
		if err != nil {
			t.Fatalf("%s: %v", c[0], err)
		}
		rows = append(rows, corpusRow{c[0], c[1], c[2], c[3], repeatMarks(u), c[len(c)-1]})
	}
	if len(rows) < 150 {
		t.Fatalf("only %d rows read", len(rows))
	}
	return rows
}

// repeatMarks expands the corpus' shorthand @@text*times@@.
func repeatMarks(s string) string {
	return regexp.MustCompile(`@@(.+?)\*(\d+)@@`).ReplaceAllStringFunc(s, func(m string) string {
		text, times, _ := strings.Cut(strings.Trim(m, "@"), "*")
		n, _ := strconv.Atoi(times)
		return strings.Repeat(text, n)
	})
}

func TestJudgeGivesTheVerdictOfEveryCorpusRow(t *testing.T) {
	for _, r := range corpus(t) {
		j := Judge(r.url)
		fetch, stage := r.fetch == "allow", r.stage
		if stage == "dns" || stage == "redirect" {
			fetch, stage = true, StageOK
		}
		if j.Store != (r.store == "yes") || j.Fetch != fetch || j.Stage != stage {
			t.Errorf("%s %q: %+v, want fetch %v store %s stage %s (%s)", r.id, r.url, j, fetch, r.store, stage, r.note)
		}
	}
}

// siblings are cases of the corpus' kinds, in its spirit and not in it.
var siblings = []struct{ stage, url string }{
	{"ok", "http://www.example.com/"},
	{"ok", "https://www.example.com./a"},
	{"ok", "https://www.example.com:443/"},
	{"ok", "https://www.example.com:/"},
	{"ok", "https://WWW.EXAMPLE.COM#x"},
	{"ok", "https://www.example.com/100%"},
	{"ok", "https://www.example.com/%zz?q=%"},
	{"ok", "https://www.example.com/a%00%0d%0ab"},
	{"ok", "https://www.example.com/été/視頻"},
	{"ok", "https://xn--bcher-kva.example.com/"},
	{"ok", "https://BÜCHER.example.com/"},
	{"ok", "https://bu\u0308cher.example.com/"},
	{"ok", "https://straße.de/"},
	{"ok", "https://例え.jp/"},
	{"ok", "https://r3---sn-25glene7.googlevideo.com/"},
	{"ok", "https://[2606:4700:4700::1111]/"},
	{"ok", "https://[2606:4700:4700:0:0:0:0:1111]:443/"},
	{"ok", "http://1.1.1.1/"},
	{"ok", "http://100.128.0.1/"},
	{"ok", "http://172.15.255.255/"},
	{"ok", "http://223.255.255.255/"},
	{"ok", "http://127.0.0.1.nip.io/"},
	{"ok", "http://www.example.com?@127.0.0.1/"},
	{"ok", "http://www.example.com/|^'*~"},
	{"ok", "https://example.cafe/"},
	{"ok", "https://www.example.com/" + strings.Repeat("a", 2024)},
	{"syntax", "https://www.example.com/" + strings.Repeat("a", 2025)},
	{"syntax", " https://www.example.com/"},
	{"syntax", "https://www.example.com/a b"},
	{"syntax", "https://www.example.com/\u00a0"},
	{"syntax", "https://www.example.com/\u2028"},
	{"syntax", "https://www.example.com/\u202egpj.exe"},
	{"syntax", "https://www.example.com/\ufeff"},
	{"syntax", "https://www.example.com/\U000e0041"},
	{"syntax", "https://www.example.com/\x7f"},
	{"syntax", "https://www.example.com/\u0085"},
	{"syntax", "https://www.example.com/?q=\\"},
	{"syntax", "https://www.example.com/`"},
	{"syntax", "\\\\127.0.0.1\\share"},
	{"scheme", "www.example.com/x"},
	{"scheme", "//www.example.com/"},
	{"scheme", "gopher://127.0.0.1/"},
	{"scheme", "view-source:https://www.example.com/"},
	{"scheme", "data:text/html;base64,AAAA"},
	{"scheme", "JAVASCRIPT:alert(1)"},
	{"scheme", "httpſ://www.example.com/"},
	{"scheme", "mailto:a@example.com"},
	{"scheme", "hTTp"},
	{"scheme", ":"},
	{"host", "http:"},
	{"host", "http:/127.0.0.1/"},
	{"host", "http:///www.example.com/"},
	{"host", "http://?x"},
	{"host", "http://:80/"},
	{"userinfo", "http://@www.example.com/"},
	{"userinfo", "http://127.0.0.1:80@www.example.com:1/"},
	{"userinfo", "http://a%40b@www.example.com/"},
	{"port", "http://www.example.com:65536/"},
	{"port", "http://www.example.com:-1/"},
	{"port", "http://www.example.com:80a/"},
	{"port", "http://www.example.com:000/"},
	{"port", "https://www.example.com:%34%34%33/"},
	{"host", "http://www.example.com:80:80/"},
	{"host", "http://::1/"},
	{"host", "http://127.1:80/"},
	{"host", "http://0177.0.0.1/"},
	{"host", "http://0x7f000001/"},
	{"host", "http://www.example.0x/"},
	{"host", "http://1.2.3.4.5/"},
	{"host", "http://127.0.0.1%00/"},
	{"host", "http://www。example.com/"},
	{"host", "http://www｡example.com/"},
	{"host", "http://ⓔxample.com/"},
	{"host", "http://ⓑücher.com/"},
	{"host", "http://www。bücher.com/"},
	{"host", "http://x｡127.0.0.1/"},
	{"host", "http://\u212aelvin.com/"},
	{"host", "http://local\u034fhost.com/"},
	{"host", "http://www..example.com/"},
	{"host", "http://./"},
	{"host", "http://example.com../"},
	{"host", "http://example-.com/"},
	{"host", "http://xn--a.com/"},
	{"host", "http://xn--.com/"},
	{"host", "http://a*b.example.com/"},
	{"host", "http://" + strings.Repeat("a.", 126) + "example.com/"},
	{"host", "http://localhost/"},
	{"host", "http://a.LocalHost/"},
	{"host", "http://printer.local/"},
	{"host", "http://metadata.google.internal/"},
	{"host", "http://nas.home.arpa/"},
	{"host", "http://x.test/"},
	{"host", "http://x.invalid./"},
	{"host", "http://[::1"},
	{"host", "http://[::1]x/"},
	{"host", "http://[127.0.0.1]/"},
	{"host", "http://[::1%25lo]/"},
	{"host", "http://[12345::]/"},
	{"host", "http://[v1.fe80::a]/"},
	{"ip", "http://[::]/"},
	{"ip", "http://[::1]:80/"},
	{"ip", "http://[::ffff:0:127.0.0.1]/"},
	{"ip", "http://[::ffff:8.8.8.8]/"},
	{"ip", "http://[2001::1]/"},
	{"ip", "http://[2001:db8::1]/"},
	{"ip", "http://[5f00::1]/"},
	{"ip", "http://[fec0::1]/"},
	{"ip", "http://127.0.0.1:6379/"},
	{"ip", "http://10.0.0.1/"},
	{"ip", "http://192.168.255.255/"},
	{"ip", "http://203.0.113.5/"},
	{"ip", "http://192.0.2.1/"},
	{"ip", "http://192.175.48.6/"},
	{"ip", "http://240.0.0.1/"},
	{"ip", "http://168.63.129.16/"},
}

func TestJudgeGivesTheVerdictOfTheCorpusSiblings(t *testing.T) {
	for _, s := range siblings {
		j := Judge(s.url)
		if j.Stage != s.stage || j.Fetch != (s.stage == StageOK) || j.Store != j.Fetch {
			t.Errorf("%q: %+v, want %s", s.url, j, s.stage)
		}
	}
}

func TestParsersThatDisagreeAreNotFollowed(t *testing.T) {
	for _, p := range []parts{{"http", "a@b.example.com", "", "/"}, {"http", "[::1", "", "/"}, {"http", "a.example.com:80", "80", "/"}, {"http", "a.example.com/b", "", "/"}} {
		if secondParserAgrees(p) {
			t.Errorf("net/url agrees about %+v", p)
		}
	}
	if p := (parts{"https", "[2606:4700::1]", "443", "/%?%zz#%"}); !secondParserAgrees(p) {
		t.Errorf("net/url disagrees about %+v", p)
	}
}

func TestJudgeKeepsWhatCannotBeFetched(t *testing.T) {
	for _, s := range []struct{ stage, url string }{
		{"host", "http://" + strings.Repeat("a", 56) + ".onion/x"},
		{"host", "http://forum.i2p:8080/"},
		{"port", "https://www.example.com:80/"},
		{"port", "http://93.184.215.14:8080/"},
		{"port", "http://[2606:4700:4700::1111]:65535/"},
	} {
		j := Judge(s.url)
		if !j.Store || j.Fetch || (j.Stage != s.stage && j.Stage != StagePort) || j.Canonical == "" || j.Reason == "" {
			t.Errorf("%q: %+v", s.url, j)
		}
	}
}

func TestCanonicalIsOneSpelling(t *testing.T) {
	for want, spellings := range map[string][]string{
		"https://www.example.com/":           {"HTTPS://WWW.Example.COM", "https://www.example.com:443#a", "https://www.example.com./", "https://www.example.com:0443/./x/.."},
		"http://www.example.com/a/c?b=1&a=2": {"http://www.example.com/a/b/../c?b=1&a=2", "http://www.example.com:80/%61/%2e/c?b=%31&a=2#x"},
		"http://www.example.com/%C3%A9%2F":   {"http://www.example.com/é%2f", "http://www.example.com/%c3%a9%2F"},
		"http://xn--bcher-kva.example.com/":  {"http://BÜCHER.example.com/", "http://bu\u0308cher.example.com", "http://XN--BCHER-KVA.example.com/"},
		"https://[2606:4700::1]/":            {"https://[2606:4700:0:0:0:0:0:1]/"},
		"https://www.example.com:8443/?":     {"https://www.example.com:08443?"},
		"http://www.example.com/%2541":       {"http://www.example.com/%%34%31"},
		"http://www.example.com//a//":        {"http://www.example.com//a//"},
	} {
		for _, s := range spellings {
			if got := Judge(s).Canonical; got != want {
				t.Errorf("%q: canonical %q, want %q", s, got, want)
			}
		}
	}
}

// checkJudgement is what must be true of every judgement.
func checkJudgement(t interface{ Fatalf(string, ...any) }, raw string) {
	j := Judge(raw)
	if j.Fetch && (!j.Store || j.Stage != StageOK) || j.Store != (j.Canonical != "") || (j.Reason == "") != j.Fetch {
		t.Fatalf("%q: inconsistent %+v", raw, j)
	}
	if !j.Store || len(j.Canonical) > MaxURL {
		return
	}
	again := Judge(j.Canonical)
	if again != j {
		t.Fatalf("%q: judged %+v, its canonical form %+v", raw, j, again)
	}
	if !isASCII(j.Canonical) {
		t.Fatalf("%q: canonical is not ASCII", raw)
	}
}

func TestCanonicalOfACanonicalAddressIsItself(t *testing.T) {
	piece := rapid.SampledFrom([]string{"http", "https", ":", "//", "/", "?", "#", "@", "[", "]", "%", "%2e", "%41", "..", ".",
		"www.example.com", "xn--bcher-kva", "bücher", "127.0.0.1", "::1", "80", "443", "8080", "é", "\u0308", "a", "Z", "=", "&", "-", "。", "ß"})
	rapid.Check(t, func(t *rapid.T) {
		tail := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "tail"), "")
		checkJudgement(t, rapid.SampledFrom([]string{"", "http://", "https://www.example.com", "http://www.example.com/"}).Draw(t, "head")+tail)
		checkJudgement(t, "http://"+rapid.String().Draw(t, "any"))
	})
}

func FuzzJudge(f *testing.F) {
	for _, r := range corpus(f) {
		f.Add(r.url)
	}
	for _, s := range siblings {
		f.Add(s.url)
	}
	f.Fuzz(func(t *testing.T, raw string) { checkJudgement(t, raw) })
}

func TestJudgeLineHasExactlyTheSixKeysOfTheContract(t *testing.T) {
	line := JudgeLine("https://www.example.com/?a=<1>")
	var got map[string]any
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 6 || got["input"] != "https://www.example.com/?a=<1>" || got["store"] != false || got["fetch"] != "reject" ||
		got["stage"] != "syntax" || got["canonical"] != "" || got["reason"] == "" || strings.Contains(string(line), "\n") {
		t.Errorf("line %s", line)
	}
	want := `{"input":"HTTP://Example.COM?a&b","store":true,"fetch":"allow","stage":"ok","canonical":"http://example.com/?a&b","reason":""}`
	if got := string(JudgeLine("HTTP://Example.COM?a&b")); got != want {
		t.Errorf("line %s", got)
	}
}
