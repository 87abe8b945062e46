package fetch

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// specialNames are the last labels that never lead to a public site: the
// special-use registry (RFC 6761 and followers), the private names of RFC 6762
// appendix G, the collisions ICANN will not delegate, and names that containers
// and routers give their neighbours.
var specialNames = map[string]bool{
	"alt": true, "arpa": true, "example": true, "invalid": true, "local": true, "localhost": true, "test": true,
	"internal": true, "intranet": true, "private": true, "corp": true, "home": true, "lan": true, "mail": true,
	"localdomain": true, "domain": true, "workgroup": true, "dhcp": true, "router": true, "gateway": true, "wpad": true,
	"svc": true, "consul": true, "docker": true, "kubernetes": true, "k8s": true,
}

// otherNets are names that people publish under but DNS does not know: the
// address is kept, a look is not possible.
var otherNets = map[string]bool{"onion": true, "i2p": true, "bit": true, "eth": true, "gnu": true, "loki": true, "exit": true}

// names is IDNA2008 look-up with UTS 46 mapping. Hyphens are judged by validLDH,
// because public hosts such as r3---sn-x.googlevideo.com break the rule of the
// third and fourth place.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckJoiners(true),
	idna.StrictDomainName(true), idna.CheckHyphens(false), idna.VerifyDNSLength(true))

// judgeHost gives the one spelling of a host: an IP address, or A-labels in
// lower case without the root dot.
func judgeHost(host string) (string, *refusal) {
	if strings.Contains(host, "%") {
		return "", &refusal{stage: StageHost, reason: "percent sign in the host"}
	}
	if strings.HasPrefix(host, "[") {
		return judgeIP(strings.Trim(host, "[]"), true)
	}
	if addr, err := netip.ParseAddr(host); err == nil && addr.Is4() {
		return judgeIP(host, false)
	}
	name, reason := asciiName(host)
	if reason != "" {
		return "", &refusal{stage: StageHost, reason: reason}
	}
	return judgeName(name)
}

// judgeIP accepts literals in their canonical forms only; netip refuses every
// other spelling (octal, hex, short, zoned).
func judgeIP(s string, bracketed bool) (string, *refusal) {
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Is6() != bracketed {
		return "", &refusal{stage: StageHost, reason: "not a valid IP address"}
	}
	if !Public(addr) {
		return "", &refusal{stage: StageIP, reason: "address is not public"}
	}
	return addr.String(), nil
}

func judgeName(name string) (string, *refusal) {
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	switch {
	case numeric(last):
		return "", &refusal{stage: StageHost, reason: "last part of the host is a number"}
	case specialNames[last]:
		return "", &refusal{stage: StageHost, reason: "name is reserved for private use"}
	case len(labels) < 2:
		return "", &refusal{stage: StageHost, reason: "host has only one part"}
	case otherNets[last]:
		return name, &refusal{stage: StageHost, reason: "name outside the public DNS", soft: true}
	}
	return name, nil
}

// asciiName turns a name into A-labels, or says why it is none.
func asciiName(host string) (name, reason string) {
	host = lowerASCII(strings.TrimSuffix(host, "."))
	if foldsToASCII(host) {
		return "", "host uses look-alikes of plain letters"
	}
	if isASCII(host) && !strings.Contains("."+host, ".xn--") {
		return host, badLDH(host)
	}
	name, err := names.ToASCII(host)
	if err != nil {
		return "", "host is not a valid international name"
	}
	back, err := names.ToUnicode(name)
	if err != nil {
		return "", "host is not a valid international name"
	}
	again, err := names.ToASCII(back)
	if err != nil || again != name || !sameLabels(host, name) {
		return "", "host is not a valid international name"
	}
	return name, badLDH(name)
}

// sameLabels holds that mapping made an A-label of every international label and
// no label more or less: characters that mapping drops could otherwise turn a
// label into plain ASCII.
func sameLabels(host, name string) bool {
	before, after := strings.Split(host, "."), strings.Split(name, ".")
	if len(before) != len(after) {
		return false
	}
	for i := range before {
		if !isASCII(before[i]) && !strings.HasPrefix(after[i], "xn--") {
			return false
		}
	}
	return true
}

// foldsToASCII finds the full-width, enclosed and ligature forms, the long s and
// the Kelvin sign: one reader keeps them, another reads plain ASCII. Ideographic
// dots are found by sameLabels.
func foldsToASCII(host string) bool {
	for _, r := range host {
		if r >= 0x80 && isASCII(norm.NFKC.String(string(r))) {
			return true
		}
	}
	return false
}

// badLDH checks letters, digits, hyphens and the lengths of RFC 1035.
func badLDH(name string) string {
	if len(name) > 253 {
		return "host is too long"
	}
	for label := range strings.SplitSeq(name, ".") {
		if len(label) == 0 || len(label) > 63 {
			return "a part of the host is empty or too long"
		}
		if label[0] == '-' || label[len(label)-1] == '-' {
			return "a part of the host begins or ends with a hyphen"
		}
		for _, c := range []byte(label) {
			if c != '-' && !isAlnum(c) {
				return "host has a character that names do not have"
			}
		}
	}
	return ""
}

// numeric tells a last label that some reader takes for part of an IP address:
// digits, or 0x with hex digits or nothing.
func numeric(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
