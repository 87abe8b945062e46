// Package portal is the public door: the form that opens a case, and the private
// space in which the person follows it.
//
// It knows the language of takedown and the ways of web, and nothing behind
// them: what the public door cannot name, it cannot leak. All it can ask for
// stands in Desk. There are four paths (start, form, space, exit) and one title,
// so that a browser's history tells nothing; every step is a POST to the same
// path, and works without a script.
package portal

import (
	"context"
	"net/http"
	"time"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// Desk is what the portal may ask of the house.
type Desk interface {
	ReadAddresses(text string) (takedown.Pasted, error)
	// PlatformsOf gives the names that the directory has for hosts, by host.
	PlatformsOf(ctx context.Context, hosts []string) (map[string]string, error)
	HashImage(ctx context.Context, image []byte, points bool) (takedown.GivenReference, error)
	ReadReference(kind takedown.ReferenceKind, packed, points []byte) (takedown.GivenReference, error)
	NewPhrase(lang takedown.Lang) takedown.Private
	// NewPhraseFor puts another phrase in the place of one that nobody has used yet.
	NewPhraseFor(ctx context.Context, actor takedown.Actor, phrase takedown.Private) error
	// KnowPhrase notes that the person has her phrase.
	KnowPhrase(ctx context.Context, actor takedown.Actor) error
	OpenCase(ctx context.Context, actor takedown.Actor, n takedown.NewCase) (takedown.Receipt, error)
	Enter(ctx context.Context, number, phrase takedown.Private) (takedown.Actor, error)
	Progress(ctx context.Context, actor takedown.Actor) (takedown.Progress, error)
	AddAddresses(ctx context.Context, actor takedown.Actor, text string) (takedown.Added, error)
	AddReferences(ctx context.Context, actor takedown.Actor, given []takedown.GivenReference) (int, error)
	AllowPoints(ctx context.Context, actor takedown.Actor) error
	ForgetPoints(ctx context.Context, actor takedown.Actor) error
	SetMail(ctx context.Context, actor takedown.Actor, email takedown.Private, often takedown.Frequency) error
	SetWishes(ctx context.Context, actor takedown.Actor, w takedown.Wishes) error
	AskCode(ctx context.Context, actor takedown.Actor) error
	ConfirmMail(ctx context.Context, actor takedown.Actor, typed takedown.Private) error
	// KeepAnswers keeps, on her phrase, what she chose to answer should it be lost.
	KeepAnswers(ctx context.Context, actor takedown.Actor, phrase takedown.Private, given []takedown.Private) error
	ForgetAnswers(ctx context.Context, actor takedown.Actor) error
	// ChangePhrase puts another phrase in the place of the known one and ends all visits.
	ChangePhrase(ctx context.Context, actor takedown.Actor, known, fresh takedown.Private) error
	// OwnPhrase takes her word that it was she who took another phrase: it is told no more.
	OwnPhrase(ctx context.Context, actor takedown.Actor) error
	// AskForPhrase asks for another in the place of a lost one, and never tells what came of it.
	AskForPhrase(ctx context.Context, number takedown.Private, given []takedown.Private) error
	StopRecovery(ctx context.Context, actor takedown.Actor) error
	// RenewPhrase takes the answers and the code that was sent then, and puts the phrase in that place.
	RenewPhrase(ctx context.Context, number takedown.Private, given []takedown.Private, code, fresh takedown.Private) (takedown.Receipt, error)
	// PhraseArrived says that it is before her eyes: the code opens nothing any more.
	PhraseArrived(ctx context.Context, actor takedown.Actor, shown takedown.Private) error
	// KeepMails says that a STOP that came by mail was not hers.
	KeepMails(ctx context.Context, actor takedown.Actor) error
	SetMailKey(ctx context.Context, actor takedown.Actor, armored takedown.Private) error
	ForgetMailKey(ctx context.Context, actor takedown.Actor) error
	MailKey(ctx context.Context, actor takedown.Actor) (takedown.MailKey, error)
	StopMails(ctx context.Context, actor takedown.Actor) error
	CaseStanding(ctx context.Context, actor takedown.Actor) (takedown.CaseStanding, error)
	Say(ctx context.Context, actor takedown.Actor, formKey, text string) error
	ReadMessages(ctx context.Context, actor takedown.Actor) error
	Answer(ctx context.Context, actor takedown.Actor, questionID string, given takedown.AnswerGiven) error
	Pause(ctx context.Context, actor takedown.Actor) error
	Resume(ctx context.Context, actor takedown.Actor) error
	AskToLeave(ctx context.Context, actor takedown.Actor) error
	KeepWatching(ctx context.Context, actor takedown.Actor) error
	StopWatching(ctx context.Context, actor takedown.Actor) error
	NameItem(ctx context.Context, actor takedown.Actor, itemID string, label takedown.Private) error
	Reopen(ctx context.Context, actor takedown.Actor) error
	ItemHistory(ctx context.Context, actor takedown.Actor, itemID string) (takedown.ItemHistory, error)
	StopItem(ctx context.Context, actor takedown.Actor, itemID string) error
	Dossier(ctx context.Context, actor takedown.Actor) (takedown.Dossier, error)
	Proof(ctx context.Context, actor takedown.Actor, lang takedown.Lang) ([]byte, error)
	Erase(ctx context.Context, actor takedown.Actor, phrase takedown.Private) (takedown.Erasure, error)
}

// Words are what an association says of its own.
type Words struct {
	Country  string                       // of the association (ISO 3166): whose numbers are shown
	Channels []takedown.ProtectionChannel // of all countries, for the minors' route
	Help     []takedown.HelpLine          // of all countries, for the foot of every page
	Grid     []takedown.Criterion         // how far everyone can use the portal
	// Association is who answers for the door, Mail where it is reached; both are
	// said in the text of the first page only, "" says nothing.
	Association, Mail string
	ReadsHEIC         bool   // a file of the format of many phones can be hashed here
	ExitURL           string // where the way out leads: a page that says nothing
}

// The four paths.
const (
	pathStart = "/"
	pathForm  = "/f"
	pathSpace = "/s"
	pathExit  = "/x"
)

// Bounds of what one request may bring.
const (
	maxForm  = 3*takedown.MaxPaste + 64<<10 // a pasted text of which every byte is escaped
	maxFiles = 128 << 20                    // some fifteen of the largest images
	maxImage = 8 << 20                      // one image (SAFETY: reference images)
	fileTime = 5 * time.Minute              // to send and hash all images of one body
)

type door struct {
	desk  Desk
	words Words
}

// Mount adds the portal's routes to its server.
func Mount(s *web.Server, desk Desk, words Words) {
	d := &door{desk, words}
	s.Decorate(d.frame)
	s.Mount(
		web.Route{Method: http.MethodGet, Path: pathStart, Do: d.start, Again: d.start},
		web.Route{
			Method: http.MethodPost, Path: pathStart, First: true, Body: web.FormBody,
			Fields: []string{"do", "p", "f1", "f2", "f3", "f4", "f5"}, Do: d.enter, Again: d.enterAgain,
		},
		web.Route{Method: http.MethodGet, Path: pathForm, Do: d.showForm},
		web.Route{
			Method: http.MethodPost, Path: pathForm, First: true, Body: web.EitherBody, Max: maxForm, Files: maxFiles,
			Fields: []string{"do", "p", "f1", "f2", "f3"}, Lists: []string{"s"}, Do: d.takeForm, Again: d.formAgain,
		},
		web.Route{Method: http.MethodGet, Path: pathSpace, May: takedown.MayFollowOwnCase, Do: d.showSpace},
		web.Route{
			Method: http.MethodPost, Path: pathSpace, May: takedown.MayFollowOwnCase, Body: web.EitherBody, Max: maxForm, Files: maxFiles,
			Fields: []string{"do", "p", "f1", "f2", "f3", "f4", "f5", "f6", "f7"}, Lists: []string{"s"}, Do: d.takeSpace, Again: d.spaceAgain,
		},
		web.Route{Method: http.MethodGet, Path: pathExit, Free: true, Do: d.exit},
	)
}

// exit leads away at once: it waits for no database, and takes the cookie of
// whoever has one along.
func (d *door) exit(c *web.Ctx) error {
	c.EndSoon()
	return c.Context.Redirect(http.StatusSeeOther, d.words.ExitURL)
}

// frame adds the numbers to talk to someone.
func (d *door) frame(c *web.Ctx, f *web.Frame) { f.Help = d.help(c.Lang, "") }
