package console

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// option is one entry of a select.
type option struct {
	Value, Text string
	Checked     bool
}

// fact is one line of a summary.
type fact struct {
	Key, Value, Name, Do, Label string
}

// word gives the words of a state: the catalogue's, by what it is a state of.
func word[S ~string](l takedown.Lang, of string, state S) string {
	return web.T(l, of+"."+string(state))
}

// many fills a text that differs for one and for several, the number first.
// French counts none with one, English with several.
func many(l takedown.Lang, key string, n int, more ...any) string {
	form := ".many"
	if n == 1 || n == 0 && l == takedown.French {
		form = ".one"
	}
	return web.T(l, key+form, append([]any{n}, more...)...)
}

// number writes the number of a case in three groups.
func number(n takedown.Private) string { return groups(n.Reveal(), 3) }

func groups(s string, size int) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%size == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ago says roughly how long ago something was.
func ago(l takedown.Lang, d time.Duration) string {
	switch {
	case d < time.Minute:
		return web.T(l, "ago.now")
	case d < time.Hour:
		return web.T(l, "ago.minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return web.T(l, "ago.hours", int(d.Hours()))
	}
	return web.T(l, "ago.days", int(d.Hours()/24))
}

// shortDay writes a date for a narrow column, "" for the zero time.
func shortDay(l takedown.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d %s", t.Day(), web.T(l, fmt.Sprintf("month.%d", t.Month())))
}

// moment writes a date with the hour, "" for the zero time.
func moment(l takedown.Lang, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return takedown.Day(l, t) + ", " + t.Format("15:04") + " UTC"
}

// path leaves out the scheme and the host of an address, which the list of items
// says once for all items of a host.
func path(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	at := strings.IndexAny(rest, ":/?#")
	if at < 0 {
		return "/"
	}
	return rest[at:]
}

// cut shortens a text to n signs.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

func before(s, mark string) string {
	head, _, _ := strings.Cut(s, mark)
	return head
}

const marksPerSign = 4 // combining marks shown upon one sign

// shown makes a text that came by mail fit to be shown: what would move or hide
// other text is put into a visible sign, and a flood of marks is cut.
func shown(text string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.M, r):
			if marks++; marks > marksPerSign {
				return -1
			}
			return r
		case r == '\n' || r == '\t':
			marks = 0
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return '\uFFFD'
		}
		marks = 0
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}
