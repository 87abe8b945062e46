package portal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// The steps of the form, in order. They are numbers on the wire.
const (
	stepAge = iota + 1
	stepHarm
	stepWho
	stepCapacity // asked of who acts for somebody else
	stepAddresses
	stepImages
	stepContact
	stepStatements
	stepCheck
)

// asks tells whether the form has the step for this person.
func (f draft) asks(step int) bool { return step != stepCapacity || f.OnBehalf }

// question gives which of the questions a step is, and how many there are.
func (f draft) question(step int) (n, all int) {
	for s := stepAge; s < stepCheck; s++ {
		if !f.asks(s) {
			continue
		}
		if all++; s <= step {
			n++
		}
	}
	return n, all
}

// draft is the form as filled in so far. It lives in the session, sealed, and
// goes with it. An age other than adult is never in it.
type draft struct {
	Step      int // the step that is shown
	Reached   int // the furthest step so far
	Adult     bool
	Harm      takedown.Harm
	OnBehalf  bool
	Capacity  takedown.Capacity
	Addresses string // as pasted
	Kept      int    // how many of them can be kept
	Sites     int    // on how many hosts
	Looked    bool   // the remarks on this text were shown
	Images    []image
	Marks     bool // local features of them may be kept
	Mail      bool
	Email     string
	Frequency takedown.Frequency
	Stated    bool // the three sentences the notices need

	Key     string // the same key gives the same case, however often it is sent
	Phrase  string // drawn before it is sent, so that a lost answer can be asked for again
	Lang    takedown.Lang
	Counted bool // sent at least once: the phrase stands
}

// image is the hashes of one image, or the reason why there are none.
type image struct {
	Name      string // of a file that was sent, for her to know it by
	Label     string // what she calls it
	Here      bool   // hashed on her device
	Kind      takedown.ReferenceKind
	Points    []byte
	Signature []byte
	Quality   int
	Problem   string // the key of a sentence
	sent      string // what her device sent of it, as long as it is not kept
}

const (
	valueDraft  = "draft"
	valueNumber = "number"
	valuePhrase = "phrase"
)

// readDraft gives the form of the session, an empty one when there is none.
func readDraft(c *web.Ctx) (draft, error) {
	d := draft{Step: stepAge, Reached: stepAge, Frequency: takedown.MailWeekly}
	kept := c.Session.Get(valueDraft)
	if kept == "" {
		return d, nil
	}
	if err := json.Unmarshal([]byte(kept), &d); err != nil {
		return d, fmt.Errorf("read the form: %w", err)
	}
	return d, nil
}

// save keeps the form in the session. What opens a case is drawn before the last
// step is shown.
func (d *door) save(c *web.Ctx, f *draft) error {
	f.Reached = max(f.Reached, f.Step)
	if f.Step == stepCheck && (f.Key == "" || f.Lang != c.Lang && !f.Counted) {
		f.Key, f.Phrase, f.Lang = rand.Text(), d.desk.NewPhrase(web.Words(c.Lang)).Reveal(), c.Lang
	}
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("keep the form: %w", err)
	}
	c.Session.Set(valueDraft, string(text))
	return c.Session.Save()
}

// Merge puts a form together that two pages changed beside each other (web.Options):
// each answer as the one that changed it has it, the later one if both did, and the
// images of both.
func Merge(name, before, now, ours string) string {
	if name != valueDraft || before == "" || now == "" {
		return ours
	}
	var base, theirs, mine map[string]json.RawMessage
	if errors.Join(json.Unmarshal([]byte(before), &base), json.Unmarshal([]byte(now), &theirs), json.Unmarshal([]byte(ours), &mine)) != nil {
		return ours
	}
	if both, err := withImages(base["Images"], theirs["Images"], mine["Images"]); err == nil {
		mine["Images"] = both
	}
	for field, value := range theirs {
		if bytes.Equal(mine[field], base[field]) {
			mine[field] = value
		}
	}
	merged, err := json.Marshal(mine)
	if err != nil {
		return ours
	}
	return string(merged)
}

// withImages adds to our images those of theirs that are new, as far as a case takes
// them. Where ours are as they were before, theirs stand.
func withImages(before, theirs, ours json.RawMessage) (json.RawMessage, error) {
	if bytes.Equal(before, ours) {
		return before, nil
	}
	var base, other, mine []image
	if err := errors.Join(json.Unmarshal(before, &base), json.Unmarshal(theirs, &other), json.Unmarshal(ours, &mine)); err != nil {
		return nil, err
	}
	for _, i := range other {
		if !slices.ContainsFunc(base, i.same) && len(mine) < takedown.MaxReferences {
			mine = append(mine, i)
		}
	}
	return json.Marshal(mine)
}

func (i image) same(other image) bool {
	return i.Name == other.Name && i.Label == other.Label && bytes.Equal(i.Signature, other.Signature)
}

// hashed gives the images whose hashes were made.
func (f draft) hashed() []image {
	var out []image
	for _, i := range f.Images {
		if i.Problem == "" {
			out = append(out, i)
		}
	}
	return out
}

// opening is the form as the rule sees it that says what a case needs.
func (f draft) opening() takedown.Opening {
	age := takedown.Age("")
	if f.Adult {
		age = takedown.AgeAdult
	}
	return takedown.Opening{
		Age: age, Harm: f.Harm, Lang: f.Lang, OnBehalf: f.OnBehalf, Statements: f.statements(),
		Addresses: f.Kept, References: len(f.hashed()),
	}
}

func (f draft) statements() takedown.Statements {
	return takedown.Statements{NotConsented: f.Stated, GoodFaith: f.Stated, Mandate: f.Stated}
}

func (f draft) newCase() takedown.NewCase {
	n := takedown.NewCase{
		Key: f.Key, Phrase: takedown.NewPrivate(f.Phrase), Age: takedown.AgeAdult, Harm: f.Harm, Lang: f.Lang,
		OnBehalf: f.OnBehalf, Capacity: f.Capacity, Statements: f.statements(), Addresses: f.Addresses,
		Contact: takedown.Contact{Frequency: takedown.MailNever}, References: references(f.hashed()), MayUsePoints: f.Marks,
	}
	if f.Mail {
		n.Contact = takedown.Contact{Email: takedown.NewPrivate(f.Email), Frequency: f.Frequency}
	}
	return n
}

// references leaves the names of the files behind: they are content. What she calls an image is for us to read.
func references(images []image) []takedown.GivenReference {
	var out []takedown.GivenReference
	for _, i := range images {
		if i.Problem == "" {
			out = append(out, takedown.GivenReference{
				Label: i.Label, Kind: i.Kind, Signature: i.Signature, Quality: i.Quality, Points: i.Points,
			})
		}
	}
	return out
}
