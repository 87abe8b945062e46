// Package console is the caseworkers' door: the queue, a case with hundreds of
// items on one screen, matches, notices and answers, the directory, and the
// work that gave up.
//
// Its pages show what casework gives and send back what a person decided; they
// hold no rule. Where a selection is wider than an action, takedown's rules are
// asked on a copy, so that what does not apply is left out and said so. An
// address of an item is text here: never a link, an image or a frame, and no
// path of ours holds one. Every change is a POST; one that is refused comes
// back to the page as it is now, with the sentence and what was chosen.
package console

import (
	"net/http"
	"slices"
	"time"

	"reprise/internal/casework"
	"reprise/internal/takedown"
	"reprise/internal/web"
)

// door is the console at work.
type door struct {
	office *casework.Office
}

// Mount puts the console on a server: its pages, and its menu in their frame.
func Mount(server *web.Server, office *casework.Office) {
	d := &door{office}
	server.Decorate(decorate)
	server.Mount(d.routes()...)
}

// routes is the table of the console. The permission stands beside each row.
func (d *door) routes() []web.Route {
	return slices.Concat(d.visitRoutes(), d.caseRoutes(), d.noticeRoutes(), d.houseRoutes())
}

func (d *door) visitRoutes() []web.Route {
	signIn := post("/in", "", d.signIn, "email", "password", "code")
	signIn.First, signIn.Limit = true, web.LimitSignIn
	token := post("/invite/token", "", d.inviteToken, "token")
	token.First, token.Limit = true, web.LimitEnter
	return slices.Concat(
		page("/", "", d.start),
		page("/invite", "", d.invite),
		[]web.Route{
			signIn, token,
			{Method: http.MethodGet, Path: "/invite/qr", Do: d.inviteQR},
			post("/invite/account", "", d.takeUp, "name", "password", "code"),
			post("/out", "", d.signOut),
		})
}

func (d *door) caseRoutes() []web.Route {
	act := post("/cases/:id/items", takedown.MayTriage, d.actOnItems, "do", "why", "host", "presence", "state", "task", "page")
	act.Lists = []string{"i"}
	add := post("/cases/:id/add", takedown.MayTriage, d.addItems, "text")
	add.Max = 3*takedown.MaxPaste + 1<<10 // a form writes most signs of an address as three
	decide := post("/cases/:id/matches/decide", takedown.MayDecideMatch, d.decide, "do", "confirm", "reject", "nobody")
	decide.Lists = []string{"m"}
	return slices.Concat(
		page("/cases", takedown.MayReadCases, d.cases),
		page("/cases/:id", takedown.MayReadCases, d.showCase),
		page("/cases/:id/matches", takedown.MayReadCases, d.matches),
		page("/cases/:id/talk", takedown.MayReadCases, d.talk),
		page("/cases/:id/history", takedown.MayReadCases, d.history),
		page("/items/:id", takedown.MayReadCases, d.item),
		[]web.Route{
			act, add, decide,
			post("/cases/:id/talk/write", takedown.MayWrite, d.write, "text", "key"),
			post("/cases/:id/talk/ask", takedown.MayWrite, d.ask, "kind", "position", "words"),
			post("/cases/:id/talk/read", takedown.MayWrite, d.readTalk, "until"),
			post("/cases/:id/recovery", takedown.MayRenewPhrase, d.decideRecovery, "do"),
			post("/cases/:id/floods", takedown.MayDecideMatch, d.decideFlood, "flood", "do"),
			post("/cases/find", takedown.MayReadCases, d.findCase, "number"),
			post("/items/:id/overrule", takedown.MayClose, d.overrule, "presence", "reason"),
		})
}

func (d *door) noticeRoutes() []web.Route {
	approve := post("/cases/:id/notices/approve", takedown.MayApprove, d.approveAll)
	approve.Lists = []string{"n"}
	return slices.Concat(
		page("/cases/:id/notices", takedown.MayReadCases, d.caseNotices),
		page("/notices/:id", takedown.MayReadCases, d.notice),
		page("/tray", takedown.MayReadCases, d.tray),
		page("/answers/:reply", takedown.MayReadCases, d.answer),
		[]web.Route{
			approve,
			post("/notices/:id/approve", takedown.MayApprove, d.approve),
			post("/notices/:id/sent", takedown.MayApprove, d.markSent, "reference"),
			post("/notices/:id/again", takedown.MayApprove, d.sendAgain),
			post("/notices/:id/withdraw", takedown.MayApprove, d.withdraw),
			post("/notices/:id/verify", takedown.MayVerifyContact, d.verifyForNotice),
			post("/notices/:id/replies/:reply", takedown.MayApplyReply, d.settleReply, "do", "move"),
			post("/tray/:reply", takedown.MayApplyReply, d.dismissFromTray),
		})
}

func (d *door) houseRoutes() []web.Route {
	return slices.Concat(
		page("/directory", takedown.MayReadDirectory, d.directory),
		page("/directory/:id", takedown.MayReadDirectory, d.entry),
		page("/new-entry", takedown.MayEditDirectory, d.newEntry),
		page("/negatives", takedown.MayReadCases, d.negatives),
		page("/jobs", takedown.MayMendJobs, d.deadJobs),
		[]web.Route{
			post("/directory/:id/verify", takedown.MayVerifyContact, d.verifyEntry),
			post("/directory/:id/edit", takedown.MayEditDirectory, d.editEntry, entryFields...),
			post("/new-entry/add", takedown.MayEditDirectory, d.addEntry, entryFields...),
			post("/negatives/:id/remove", takedown.MayEditNegatives, d.removeNegative),
			post("/jobs/:id/retry", takedown.MayMendJobs, d.retryJob),
		})
}

// page is a page and what its frame sends to it: the language, the wish to stay.
func page(path string, may takedown.Permission, show func(*web.Ctx) error) []web.Route {
	frame := post(path, may, again)
	frame.First = may == ""
	return []web.Route{{Method: http.MethodGet, Path: path, May: may, Do: show}, frame}
}

func post(path string, may takedown.Permission, do func(*web.Ctx) error, fields ...string) web.Route {
	return web.Route{Method: http.MethodPost, Path: path, May: may, Body: web.FormBody, Fields: fields, Do: do}
}

// again shows the same page anew, in the language that was asked for.
func again(c *web.Ctx) error {
	c.SwitchLanguage()
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(c.Request().URL.EscapedPath())
}

// decorate adds the menu of what the actor may see.
func decorate(c *web.Ctx, f *web.Frame) {
	for _, entry := range []struct {
		may  takedown.Permission
		href string
		key  string
	}{
		{takedown.MayReadCases, "/", "nav.queue"},
		{takedown.MayReadCases, "/cases", "nav.cases"},
		{takedown.MayReadCases, "/tray", "nav.tray"},
		{takedown.MayReadDirectory, "/directory", "nav.directory"},
		{takedown.MayMendJobs, "/jobs", "nav.jobs"},
	} {
		if c.Actor.May(entry.may) {
			f.Nav = append(f.Nav, web.NavLink{Href: entry.href, Text: web.T(c.Lang, entry.key), Current: within(entry.href, f.Path)})
		}
	}
}

// done tells what was done above the page that is shown next.
func (d *door) done(c *web.Ctx, to, text string) error {
	if err := c.Flash(web.Alert{Kind: "good", Text: text}); err != nil {
		return err
	}
	if err := c.Session.Save(); err != nil {
		return err
	}
	return c.Redirect(to)
}

// refused shows a page again, as things stand now, with the sentence of the
// refusal above it. An error that is no refusal, or that denies the page
// itself, is not shown on it.
func refused(c *web.Ctx, err error, show func(status int) error) error {
	kind := takedown.KindOf(err)
	sentence, status, ok := c.Refusal(err)
	if !ok || kind != takedown.Invalid && kind != takedown.Conflict {
		return err
	}
	c.Alerts = append(c.Alerts, web.Alert{Kind: "care", Text: sentence})
	return show(status)
}

func (d *door) now() time.Time { return d.office.Now() }
