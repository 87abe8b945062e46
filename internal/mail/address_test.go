package mail_test

import (
	"errors"
	"strings"
	"testing"

	"reprise/internal/mail"
)

func TestAddressFollowsTheCorpus(t *testing.T) {
	for _, row := range corpus(t, "email") {
		got, err := mail.Address(row.input)
		switch norm, isNorm := strings.CutPrefix(row.expect, "norm:"); {
		case row.expect == "reject":
			if !errors.Is(err, mail.ErrAddress) {
				t.Errorf("%s: %q was accepted as %q (error %v)", row.id, row.input, got, err)
			}
		case row.expect == "keep" && (err != nil || got != row.input):
			t.Errorf("%s: %q gave %q, %v", row.id, row.input, got, err)
		case isNorm && (err != nil || got != norm):
			t.Errorf("%s: %q gave %q, %v, want %q", row.id, row.input, got, err, norm)
		}
	}
}

func TestAddressBeyondTheCorpus(t *testing.T) {
	for input, want := range map[string]string{
		"abuse@host.test":                 "abuse@host.test",
		"first.last+tag@sub.host.org":     "first.last+tag@sub.host.org",
		"A@Example.COM":                   "A@Example.COM",
		"a@bücher.example":                "a@xn--bcher-kva.example",
		"a@пример.рф":                     "a@xn--e1afmkfd.xn--p1ai",
		"a@例え.jp":                         "a@xn--r8jz45g.jp",
		"a@xn--bcher-kva.example":         "a@xn--bcher-kva.example",
		strings.Repeat("a", 64) + "@b.fr": strings.Repeat("a", 64) + "@b.fr",
		"":                                "", " ": "", "a": "", "@b.fr": "", "a@": "",
		"a@b.com>\r\nBcc: v@evil.example":        "",
		"a@b.com\x00":                            "",
		"\ta@b.com":                              "",
		"a@b.com\n":                              "",
		"a@[127.0.0.1]":                          "",
		"a@[IPv6:::1]":                           "",
		"a@127.1":                                "",
		"a@0x7f.0x1":                             "",
		"a@b.com.":                               "",
		"a@.b.com":                               "",
		"a@b..com":                               "",
		"a@-b.com":                               "",
		"a@b-.com":                               "",
		"a@b_c.com":                              "",
		".a@b.com":                               "",
		"a.@b.com":                               "",
		"a..b@c.com":                             "",
		"é@b.com":                                "",
		"a@ｂ.com":                                "",
		"a@b。com":                                "",
		"a@xn--xample-9uf.com":                   "",
		"a@b.com (comment)":                      "",
		"a b@c.com":                              "",
		"a;b:@c.com":                             "",
		"a@" + strings.Repeat("b", 64) + ".com":  "",
		"a@" + strings.Repeat("b.", 126) + "com": "",
		strings.Repeat("é", 100) + "@" + "example.com": "",
	} {
		got, err := mail.Address(input)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q gave %q, %v; want %q", input, got, err, want)
		}
	}
}

func TestHeaderFollowsTheCorpus(t *testing.T) {
	for _, row := range corpus(t, "header") {
		got, err := mail.Header(row.input)
		if row.expect == "reject" && !errors.Is(err, mail.ErrHeader) {
			t.Errorf("%s: %q was accepted", row.id, row.input)
		}
		if row.expect == "keep" && (err != nil || got != row.input) {
			t.Errorf("%s: %q gave %q, %v", row.id, row.input, got, err)
		}
	}
}

func TestHeaderBeyondTheCorpus(t *testing.T) {
	for input, ok := range map[string]bool{
		"":                       true,
		"Demande de retrait été": true,
		"👩‍👧 ZWJ stays":          true,
		strings.Repeat("é", 120): true,
		strings.Repeat("é", 121): false,
		"a\x00b":                 false,
		"a\tb":                   false,
		"a\u0085b":               false,
		"a\u2029b":               false,
		"a\u202egpj.exe":         false,
		"\xff":                   false,
		"x\n":                    false,
	} {
		if _, err := mail.Header(input); (err == nil) != ok {
			t.Errorf("%q: error %v, want accepted = %v", input, err, ok)
		}
	}
}
