package console

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"reprise/internal/takedown"
)

// hostile are texts that would do something if a page let them (rows X of the
// hostile inputs of our safety notes).
var hostile = []string{
	`"><img src=x onerror=alert(1)>`,
	`</textarea><script>alert(1)</script>`,
	`{{.Secrets}} {{printf "%s" .}}`,
	`]]><!--`,
	`http://tracker.example/p.gif?case=1`,
	`<svg/onload=alert(1)>`,
	`&lt;script&gt; &amp;amp;`,
	`javascript:alert(1)`,
	`' onfocus='alert(1)' autofocus x='`,
	`%s %n %x %d`,
}

// shape counts the elements and attributes of a page.
func shape(v *visitor) string {
	elements, attributes := 0, 0
	walk(v.page, func(n *html.Node) {
		elements++
		attributes += len(n.Attr)
	})
	return fmt.Sprint(elements, " elements, ", attributes, " attributes")
}

func TestHostileAnswersAreTextAndNothingElse(t *testing.T) {
	plain := answerPages(t, "Hello, we have received your request.")
	for _, text := range hostile {
		for at, page := range answerPages(t, text) {
			same(t, fmt.Sprintf("page %d with %q", at, text), shape(page), shape(plain[at]))
			if !strings.Contains(page.text(), strings.Join(strings.Fields(text), " ")) {
				t.Errorf("page %d does not show %q as it is", at, text)
			}
		}
	}
}

// answerPages gives the pages that show an answer.
func answerPages(t *testing.T, text string) []*visitor {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a")
	h.asked(id)
	n := h.noticeTo(id, "t-mail")
	h.sent(n)
	h.answered(n.Notice, text, "")
	h.answered(takedown.Notice{}, text, "")
	return []*visitor{
		h.staff(takedown.RoleCaseworker).open("/notices/" + n.ID),
		h.staff(takedown.RoleCaseworker).open("/tray"),
	}
}

func TestWhatWouldMoveOrHideOtherTextIsMadeVisible(t *testing.T) {
	same(t, "direction", shown("a\u202Egpj.exe\u2066"), "a\uFFFDgpj.exe\uFFFD")
	same(t, "controls", shown("a\x00b\x1b[31mc\r\nd\te"), "a\uFFFDb\uFFFD[31mc\nd\te")
	same(t, "marks", shown("Z"+strings.Repeat("\u0337", 60)+"algo"), "Z"+strings.Repeat("\u0337", 4)+"algo")
	same(t, "accents and joined signs", shown("e\u0301té 👩\u200d👧"), "e\u0301té 👩\u200d👧")
}

// own are the only places a page of ours leads to or loads from.
var own = regexp.MustCompile(`^(/|#)([a-z0-9/.?=&_-]*)$`)

func TestReportedAddressesAreNeverLinksImagesOrForms(t *testing.T) {
	h := newHouse(t)
	id := h.opens(
		"https://www.photomur.net/secret-path/x?a=<b>&c=\"d\"", "https://muet.net/javascript:alert(1)", "http://photomur.net/%22%3E%3Cimg%20src=x%3E",
		"https://galerie.photomur.net/'onmouseover='x", "https://unknown-place.net/secret-path#top", "https://xn--bcher-kva.photomur.net/é/secret-path",
	)
	h.matched(h.view(id).Items[0].Item, 12, "same")
	n := h.asked(id)[0]
	v := h.staff(takedown.RoleSupervisor)
	pages := []string{
		"/", "/cases", "/cases/" + id, "/cases/" + id + "/matches", "/cases/" + id + "/notices", "/cases/" + id + "/history",
		"/notices/" + n.ID, "/directory", "/directory/t-mail",
	}
	for _, i := range h.view(id).Items {
		pages = append(pages, "/items/"+i.Item.ID)
	}
	for _, path := range pages {
		v.open(path).want(http.StatusOK)
		leadsHome(t, v)
	}
	v.post("/cases/"+id+"/add", "text", "https://new.net/<script>\nnothing here").want(http.StatusUnprocessableEntity)
	leadsHome(t, v)
}

func leadsHome(t *testing.T, v *visitor) {
	t.Helper()
	walk(v.page, func(n *html.Node) {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "action", "formaction", "srcset", "poster", "data", "ping", "cite", "background":
				if !own.MatchString(a.Val) {
					t.Errorf("%s: <%s %s=%q>", v.at, n.Data, a.Key, a.Val)
				}
			}
			if strings.Contains(a.Val, "secret-path") || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: an address in <%s %s=%q>", v.at, n.Data, a.Key, a.Val)
			}
		}
	})
}

func TestAddressesOfPagesNameNoHost(t *testing.T) {
	h := newHouse(t)
	id := h.opens("https://www.photomur.net/a", "https://muet.net/b")
	v := h.staff(takedown.RoleCaseworker).open("/cases/" + id)
	for _, o := range options(v, "filter-host") {
		if strings.Contains(o.value, ".") || strings.Contains(url.QueryEscape(o.value), "photomur") {
			t.Errorf("the filter is sent as %q", o.value)
		}
	}
	if strings.Contains(h.log.String(), "photomur") || strings.Contains(h.log.String(), id) {
		t.Error("the log names a host or a case")
	}
}

type choice struct{ value, text string }

func options(v *visitor, handle string) []choice {
	var out []choice
	walk(v.one(handle), func(n *html.Node) {
		if n.Data == "option" {
			out = append(out, choice{attr(n, "value"), strings.TrimSpace(text(n))})
		}
	})
	return out
}
