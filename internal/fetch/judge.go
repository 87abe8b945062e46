package fetch

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxURL is the longest address kept, in bytes.
const MaxURL = 2048

// The stages at which an address can be refused, in the order they are asked.
const (
	StageOK       = "ok"
	StageSyntax   = "syntax"
	StageScheme   = "scheme"
	StageUserinfo = "userinfo"
	StagePort     = "port"
	StageHost     = "host"
	StageIP       = "ip"
)

// Judgement is the verdict on an address before any DNS question.
type Judgement struct {
	Store bool   // may be kept and shown as text
	Fetch bool   // may be looked at, if its name leads to public addresses
	Stage string // where it was refused: one of the Stage constants

	// Canonical is the one spelling to compare by, and never what is fetched:
	// scheme and host in lower case, host as A-labels, default port and fragment
	// dropped, dot segments resolved, percent-encoding as RFC 3986 6.2.2 has it.
	// It is empty when the address cannot be stored, and its own canonical form
	// (as long as it still fits in MaxURL).
	Canonical string

	Host   string // A-label host or IP address without brackets, no port; empty like Canonical
	Reason string // a short code in plain English; empty when all is well
}

// target is an address that may be stored, taken apart.
type target struct {
	scheme string // "http" or "https"
	host   string // A-label, or IP without brackets
	port   uint16 // never 0: the scheme's own if none was written
	rest   string // path and query as written
}

// refusal says where and why. A soft one forbids fetching only.
type refusal struct {
	stage, reason string
	soft          bool
}

// Judge decides on one address, as it was given, without any network. It is the
// policy of the corpus testdata/hostile_urls.txt, steps 1 to 4 of the guard.
func Judge(raw string) Judgement {
	t, no := inspect(raw)
	if no != nil && !no.soft {
		return Judgement{Stage: no.stage, Reason: no.reason}
	}
	j := Judgement{Store: true, Fetch: true, Stage: StageOK, Canonical: t.canonical(), Host: t.host}
	if no != nil {
		j.Fetch, j.Stage, j.Reason = false, no.stage, no.reason
	}
	return j
}

// JudgeLine is Judge as one line of JSON without its newline, as the command
// "address" prints it.
func JudgeLine(raw string) []byte {
	j := Judge(raw)
	line := struct {
		Input     string `json:"input"`
		Store     bool   `json:"store"`
		Fetch     string `json:"fetch"`
		Stage     string `json:"stage"`
		Canonical string `json:"canonical"`
		Reason    string `json:"reason"`
	}{raw, j.Store, "reject", j.Stage, j.Canonical, j.Reason}
	if j.Fetch {
		line.Fetch = "allow"
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(line); err != nil {
		panic("fetch: strings and booleans always encode: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// inspect runs the stages. A refusal that forbids storing wins over one that
// only forbids fetching, whichever stage comes first.
func inspect(raw string) (target, *refusal) {
	if reason := badSyntax(raw); reason != "" {
		return target{}, &refusal{stage: StageSyntax, reason: reason}
	}
	p, no := split(raw)
	if no != nil {
		return target{}, no
	}
	port, portNo := judgePort(p)
	if portNo != nil && !portNo.soft {
		return target{}, portNo
	}
	host, hostNo := judgeHost(p.host)
	if hostNo != nil && !hostNo.soft {
		return target{}, hostNo
	}
	if !secondParserAgrees(p) {
		return target{}, &refusal{stage: StageHost, reason: "two parsers disagree about the host"}
	}
	t := target{scheme: p.scheme, host: host, port: port, rest: p.rest}
	if portNo != nil {
		return t, portNo
	}
	return t, hostNo
}

// badSyntax looks at the raw bytes (P2): what browsers drop, trim or turn round
// is refused anywhere, since two readers would see two addresses.
func badSyntax(raw string) string {
	switch {
	case raw == "":
		return "empty"
	case len(raw) > MaxURL:
		return "longer than 2048 bytes"
	case !utf8.ValidString(raw):
		return "not valid UTF-8"
	}
	for _, r := range raw {
		switch {
		case unicode.IsControl(r):
			return "control character"
		case unicode.IsSpace(r):
			return "space"
		case strings.ContainsRune("\\<>\"`", r):
			return "forbidden character"
		case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			return "invisible character"
		}
	}
	return ""
}

// parts are what our own parser sees: authority split, nothing decoded.
type parts struct {
	scheme string
	host   string // with brackets
	port   string // digits as written; hasPort tells "" from none
	rest   string // from the first / ? or # on
}

func split(raw string) (parts, *refusal) {
	scheme, after, found := strings.Cut(raw, ":")
	p := parts{scheme: lowerASCII(scheme)}
	if !found || (p.scheme != "http" && p.scheme != "https") {
		return p, &refusal{stage: StageScheme, reason: "not http or https"}
	}
	after, found = strings.CutPrefix(after, "//")
	if !found {
		return p, &refusal{stage: StageHost, reason: "no host"}
	}
	authority := after
	if i := strings.IndexAny(after, "/?#"); i >= 0 {
		authority, p.rest = after[:i], after[i:]
	}
	if strings.Contains(authority, "@") {
		return p, &refusal{stage: StageUserinfo, reason: "name or password before the host"}
	}
	p.host, p.port, found = splitPort(authority)
	if !found || p.host == "" {
		return p, &refusal{stage: StageHost, reason: "no host, or text around it"}
	}
	return p, nil
}

// splitPort cuts "host:port". A second colon outside brackets, or text after a
// bracket, is no authority.
func splitPort(authority string) (host, port string, ok bool) {
	end := 0
	if strings.HasPrefix(authority, "[") {
		end = strings.IndexByte(authority, ']') + 1
		if end == 0 {
			return "", "", false
		}
	}
	rest := authority[end:]
	colon := strings.IndexByte(rest, ':')
	if colon < 0 {
		return authority, "", end == 0 || rest == ""
	}
	if strings.Count(rest, ":") > 1 || (end > 0 && colon != 0) {
		return "", "", false
	}
	return authority[:end+colon], rest[colon+1:], true
}

// judgePort allows fetching on the scheme's own port and storing on any (P4). An
// empty port is the default one (RFC 3986 3.2.3).
func judgePort(p parts) (uint16, *refusal) {
	own := ownPort(p.scheme)
	if p.port == "" {
		return own, nil
	}
	for _, c := range []byte(p.port) {
		if c < '0' || c > '9' {
			return 0, &refusal{stage: StagePort, reason: "port is not a number"}
		}
	}
	n, err := strconv.ParseUint(strings.TrimLeft(p.port, "0"), 10, 16)
	if err != nil {
		return 0, &refusal{stage: StagePort, reason: "port is not between 1 and 65535"}
	}
	if uint16(n) != own {
		return uint16(n), &refusal{stage: StagePort, reason: "port is never fetched", soft: true}
	}
	return own, nil
}

func ownPort(scheme string) uint16 {
	if scheme == "https" {
		return 443
	}
	return 80
}

// secondParserAgrees asks net/url for the same host and port. A stray percent
// sign behind the host is no reason to lose an address, so it is mended first.
func secondParserAgrees(p parts) bool {
	authority := p.host
	if p.port != "" {
		authority += ":" + p.port
	}
	u, err := url.Parse(p.scheme + "://" + authority + mendPercent(p.rest))
	return err == nil && u.User == nil && u.Opaque == "" &&
		u.Hostname() == strings.Trim(p.host, "[]") && u.Port() == p.port
}

// lowerASCII leaves everything else alone: strings.ToLower would turn the Kelvin
// sign into a k.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
