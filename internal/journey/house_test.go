package journey

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"reprise/internal/app"
	"reprise/internal/hasher"
	"reprise/internal/pgtest"
	"reprise/internal/takedown"

	"golang.org/x/net/html"
)

func TestMain(m *testing.M) {
	hasher.RunChild()
	os.Exit(m.Run())
}

// onBoth tells a journey on both databases.
func onBoth(t *testing.T, tell func(*testing.T, *house)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { tell(t, openHouse(t, filepath.Join(t.TempDir(), "reprise.db"))) })
	t.Run("postgres", func(t *testing.T) { tell(t, openHouse(t, pgtest.Start(t))) })
}

// house is the whole trial house with one caseworker at the console.
type house struct {
	t      testing.TB
	trial  *app.Trial
	person *visitor
	worker *visitor
	number string
	phrase string
}

func openHouse(t testing.TB, database string) *house {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	weather := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "Dry and mild.") }))
	t.Cleanup(weather.Close)
	trial, err := app.OpenTrial(ctx, t.TempDir(), app.Config{
		Database: database, PortalAddr: "127.0.0.1:0", PortalURL: "http://127.0.0.1:0", ConsoleAddr: "127.0.0.1:0", ConsoleURL: "http://127.0.0.1:0",
		SandboxAddr: "127.0.0.1:0", OpsAddr: "127.0.0.1:0", ExitURL: weather.URL + "/weather",
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := trial.House.Listen(ctx); err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- trial.House.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := trial.Close(); err != nil {
			t.Error(err)
		}
	})
	return &house{t: t, trial: trial}
}

// example gives the address of the sandbox that behaves in a way.
func (h *house) example(what string) string {
	h.t.Helper()
	for _, a := range h.trial.Sandbox.Addresses() {
		if a.What == what {
			return a.URL
		}
	}
	h.t.Fatalf("the sandbox has no address that %s", what)
	return ""
}

// picture fetches one of the two reference pictures, as the walk says.
func (h *house) picture(n int) []byte {
	h.t.Helper()
	res, err := http.Get(fmt.Sprintf("%s/pictures/%s.jpg", h.trial.Sandbox.URL(), []string{"parrots", "lighthouse"}[n]))
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		h.t.Fatalf("picture %d: status %d, %v", n, res.StatusCode, err)
	}
	return body
}

// opensCase has a person open a case at the portal, one question a page, and
// note number and phrase.
func (h *house) opensCase(addresses ...string) {
	h.t.Helper()
	h.person = newVisitor(h.t, "http://"+h.trial.House.Addr("portal"))
	h.person.open("/").press("start")
	for range 20 {
		if h.person.has("case-number") {
			h.number = strings.Join(strings.Fields(text(h.person.one("case-number"))), "")
			h.phrase = strings.Join(strings.Fields(text(h.person.one("case-phrase"))), " ")
			return
		}
		h.answer(addresses)
	}
	h.t.Fatalf("no receipt after twenty pages; at %s: %s", h.person.at, h.person.text())
}

// confirms has the person show that she reads the address she gave: the code that
// comes by mail, typed in her space.
func (h *house) confirms() {
	h.t.Helper()
	h.person.open("/s").press("go-contact").press("code-send")
	h.turn()
	mails := h.trial.Sandbox.Mailbox().Mails()
	code := regexp.MustCompile(`\b[0-9]{6}\b`).FindString(mails[len(mails)-1].Body)
	h.person.open("/s").fill("code", code).press("code-try")
	if h.person.has("code") {
		h.t.Fatalf("the code %q is not taken: %s", code, h.person.text())
	}
	h.person.press("go-first")
}

// answer answers the page's one question and goes on.
func (h *house) answer(addresses []string) {
	h.t.Helper()
	p := h.person
	switch {
	case p.has("age-adult"):
		p.choose("age-adult")
	case p.has("kind-published"):
		p.choose("kind-published")
	case p.has("urls"):
		p.fill("urls", strings.Join(addresses, "\n"))
	case p.has("images") && !p.has("reference"):
		p.attach("images", h.picture(0), h.picture(1))
	case p.has("contact-none"):
		p.choose("contact-email").fill("email", "elle@example.org").choose("frequency")
	case p.has("statement"):
		p.choose("statement")
	case p.has("submit"):
		p.press("submit")
		return
	}
	p.press("next")
}

// signsIn has the caseworker sign in with password and code.
func (h *house) signsIn() {
	h.t.Helper()
	login := h.trial.Staff[0]
	h.worker = newVisitor(h.t, "http://"+h.trial.House.Addr("console"))
	h.worker.open("/").fill("email", login.Email).fill("password", login.Password).fill("code", login.Code(time.Now())).press("sign-in")
	if h.worker.has("sign-in") {
		h.t.Fatalf("not signed in: %s", h.worker.text())
	}
}

// turn does all that is due: what the schedule does by itself, at once.
func (h *house) turn() {
	h.t.Helper()
	for range 2 { // an answer of a made-up host comes in at the second turn
		if err := h.trial.House.Turn(h.t.Context()); err != nil {
			h.t.Fatal(err)
		}
		if err := h.trial.Sandbox.Settle(); err != nil {
			h.t.Fatal(err)
		}
	}
}

// later lets time pass by the sandbox's clock.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	for d > 0 {
		step := min(d, 6*time.Hour)
		if err := h.trial.Sandbox.Advance(step); err != nil {
			h.t.Fatal(err)
		}
		h.turn()
		d -= step
	}
}

// casePage has the caseworker open the case from the queue or the list.
func (h *house) casePage() *visitor {
	h.t.Helper()
	h.worker.open("/cases")
	for _, row := range h.worker.all("case-row") {
		if strings.Contains(strings.Join(strings.Fields(text(row)), ""), h.number) {
			h.worker.open(linkIn(row))
			return h.worker
		}
	}
	h.t.Fatalf("the case is not on the list: %s", h.worker.text())
	return nil
}

func linkIn(n *html.Node) string {
	href := ""
	walk(n, func(a *html.Node) {
		if href == "" && a.Data == "a" {
			href = attr(a, "href")
		}
	})
	return href
}

// confirmsMatches confirms every suggested match of the case.
func (h *house) confirmsMatches() {
	h.t.Helper()
	h.worker.open(strings.SplitN(h.casePage().at, "?", 2)[0] + "/matches")
	for _, box := range h.worker.boxes("match-row") {
		h.worker.set[attr(box, "name")] = append(h.worker.set[attr(box, "name")], attr(box, "value"))
	}
	h.pressAction("match-confirm")
}

// boxes lists the checkboxes in the rows of a handle.
func (v *visitor) boxes(row string) []*html.Node {
	var out []*html.Node
	for _, r := range v.all(row) {
		walk(r, func(n *html.Node) {
			if n.Data == "input" && attr(n, "type") == "checkbox" {
				out = append(out, n)
			}
		})
	}
	return out
}

// pressAction presses the last button of a handle: the one for all selected.
func (h *house) pressAction(handle string) {
	h.t.Helper()
	all := h.worker.all(handle)
	if len(all) == 0 {
		h.t.Fatalf("no %q at %s: %s", handle, h.worker.at, h.worker.text())
	}
	h.worker.pressNode(all[len(all)-1])
}

// selects marks all items of the case page.
func (h *house) selects() *visitor {
	h.t.Helper()
	v := h.casePage()
	for _, box := range v.boxes("item-row") {
		v.set[attr(box, "name")] = append(v.set[attr(box, "name")], attr(box, "value"))
	}
	return v
}

// asks confirms what waits, plans all items and approves each notice by mail.
func (h *house) asks() {
	h.t.Helper()
	h.selects()
	h.pressAction("triage-accept")
	h.selects()
	h.pressAction("plan")
	h.approves()
}

// approves reads each drafted notice that goes by mail and approves it.
func (h *house) approves() {
	h.t.Helper()
	base := strings.SplitN(h.casePage().at, "?", 2)[0]
	h.worker.open(base + "/notices")
	var links []string
	for _, row := range h.worker.all("notice-row") {
		if attr(row, "data-state") == string(takedown.NoticeDrafted) {
			links = append(links, linkIn(row))
		}
	}
	for _, link := range links {
		h.worker.open(link)
		if !h.worker.has("notice-text") {
			h.t.Fatalf("no text of the notice at %s", h.worker.at)
		}
		h.worker.press("approve")
	}
	h.turn()
}

// reads has the person look at her space and gives the step of each item.
func (h *house) reads() []string {
	h.t.Helper()
	h.person.open("/s")
	var steps []string
	for _, n := range h.person.all("item") {
		steps = append(steps, attr(n, "data-step"))
	}
	return steps
}

// presences gives what the caseworker sees of each item.
func (h *house) presences() []string {
	h.t.Helper()
	var out []string
	for _, n := range h.casePage().all("item-row") {
		out = append(out, attr(n, "data-presence"))
	}
	return out
}

// notices lists the mails that left for recipients: those of the association's
// notice sender.
func (h *house) notices() []string {
	var out []string
	for _, m := range h.trial.Sandbox.Mailbox().Mails() {
		if strings.HasPrefix(m.From, "notices@") {
			out = append(out, m.To[0])
		}
	}
	return out
}

func (h *house) want(got, want any, what string) {
	h.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
