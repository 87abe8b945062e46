package portal

import (
	"strconv"
	"strings"
	"time"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

type (
	// dataPart is one part of what is kept, in words.
	dataPart struct {
		Name, Title string
		Many        string // how many records there are, "" where that says nothing
		Records     []dataRecord
	}

	// dataRecord is one thing of a part. One with a Masked title shows that until
	// the whole is asked for.
	dataRecord struct {
		Title, Masked string
		Facts         []fact
		Lines         []string
		Text          string // to the letter
	}
)

// The parts, in the order in which they are listed.
const (
	partTold, partAddresses, partImages, partNotices, partTalk, partEvents = "told", "addresses", "images", "notices", "talk", "events"
)

// partsOf puts a dossier into words.
func partsOf(l takedown.Lang, d takedown.Dossier) []dataPart {
	part := func(name string, records []dataRecord) dataPart {
		return dataPart{name, web.T(l, "data.part."+name), strconv.Itoa(len(records)), records}
	}
	told := part(partTold, []dataRecord{toldOf(l, d)})
	events := part(partEvents, []dataRecord{eventsOf(l, d)})
	told.Many, events.Many = "", strconv.Itoa(len(d.Events))
	return []dataPart{
		told, part(partAddresses, addressesOf(l, d)), part(partImages, imagesOf(l, d)), part(partNotices, noticesOf(l, d)),
		part(partTalk, talkOf(l, d)), events,
	}
}

// facts lists keys and values in turn, without those that say nothing.
func facts(l takedown.Lang, pairs ...string) (out []fact) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, fact{Key: web.T(l, "data.fact."+pairs[i]), Value: pairs[i+1]})
		}
	}
	return out
}

// moment writes a time to the minute, as a record of it needs.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

func yesNo(l takedown.Lang, yes bool) string {
	if yes {
		return web.T(l, "data.yes")
	}
	return web.T(l, "data.no")
}

func toldOf(l takedown.Lang, d takedown.Dossier) dataRecord {
	who := "who.self"
	if d.Case.OnBehalf {
		who = "who.other"
	}
	often := web.T(l, "mail.none")
	if d.Contact.Email != "" && d.Contact.StoppedAt.IsZero() && d.Contact.Frequency != takedown.MailNever {
		often = web.T(l, "often."+string(d.Contact.Frequency))
	}
	statements := d.Case.NotConsented && d.Case.GoodFaith && d.Case.Mandate
	r := dataRecord{Facts: facts(l,
		"number", spaced(d.Case.Number), "opened", moment(d.Case.OpenedAt), "state", web.T(l, "data.state."+string(d.Case.State)),
		"closed", moment(d.Case.ClosedAt), "watched", moment(d.Case.WatchUntil), "harm", web.T(l, "harm."+string(d.Case.Harm)), "who", web.T(l, who),
		"language", web.T(d.Case.Language, "language.name"), "statements", yesNo(l, statements), "points", yesNo(l, d.Case.MayUsePoints),
		"contact", often, "email", d.Contact.Email, "mailed", moment(d.Contact.MailedAt), "stopped", moment(d.Contact.StoppedAt),
		"paused", moment(d.Case.PausedAt), "leaving", moment(d.Case.LeavingAt), "answers", moment(d.Case.AnswersAt), "renewed", moment(d.Case.PhraseNewAt),
	)}
	r.Facts = append(r.Facts, wishesIn(l, d)...)
	for _, v := range d.Talk.Visits {
		r.Lines = append(r.Lines, web.T(l, "data.visit", web.Count(l, "visits.day", v.Times, web.Day(l, v.Day))))
	}
	return r
}

// wishesIn puts into words in what capacity somebody speaks, and how she wants to be
// reached, as far as it was said.
func wishesIn(l takedown.Lang, d takedown.Dossier) (out []fact) {
	add := func(said bool, key, value string) {
		if said {
			out = append(out, fact{Key: web.T(l, key), Value: value})
		}
	}
	w := d.Contact.Wishes
	add(d.Case.Capacity != "", "data.fact.capacity", web.T(l, "capacity."+string(d.Case.Capacity)))
	add(w.Reads != "", "readers.label", web.T(l, "readers."+named(w.Reads)))
	add(w.Hours != "", "hours.label", web.T(l, "hours."+named(w.Hours)))
	add(w.Days != "", "days.label", web.T(l, "days."+named(w.Days)))
	add(w.Other != "", "wishes.other", w.Other)
	add(w.Other != "", "wishes.leave", yesNo(l, w.Leave))
	add(w.CodeWord != "", "wishes.word", w.CodeWord)
	add(d.Contact.Key != "", "key.label", d.Contact.Key)
	return out
}

func addressesOf(l takedown.Lang, d takedown.Dossier) []dataRecord {
	out := make([]dataRecord, 0, len(d.Addresses))
	for _, a := range d.Addresses {
		r := dataRecord{Title: a.Address, Masked: a.Masked, Facts: facts(l,
			"step", web.T(l, "step."+string(a.Step)+".label"), "site", a.Site, "added", moment(a.AddedAt), "seen", moment(a.SeenAt),
			"looked", moment(a.LookedAt), "gone", moment(a.GoneSince), "next", moment(a.NextLook), "closed", moment(a.ClosedAt),
		)}
		for _, q := range a.Requests {
			if !q.SentAt.IsZero() && !q.State.Unsent() {
				r.Lines = append(r.Lines, web.T(l, "space.asked."+string(q.State), q.Recipient, moment(q.SentAt)))
			}
		}
		for _, m := range a.Matches {
			r.Lines = append(r.Lines, web.T(l, "data.match", moment(m.At), m.Image, m.Distance)+" "+m.PDQ)
		}
		for _, o := range a.Looks {
			r.Lines = append(r.Lines, web.T(l, "data.look", moment(o.At), web.T(l, "data.saw."+string(o.Saw))))
		}
		out = append(out, r)
	}
	return out
}

func imagesOf(l takedown.Lang, d takedown.Dossier) []dataRecord {
	out := make([]dataRecord, 0, len(d.Images))
	for _, i := range d.Images {
		points := ""
		if i.PointsBytes > 0 {
			points = strconv.Itoa(i.PointsBytes)
		}
		out = append(out, dataRecord{Title: ownName(l, i.Label, i.Number), Facts: facts(l,
			"added", moment(i.AddedAt), "pdq", i.PDQ, "quality", strconv.Itoa(i.Quality), "bytes", strconv.Itoa(i.SignatureBytes), "pointbytes", points,
		)})
	}
	return out
}

func noticesOf(l takedown.Lang, d takedown.Dossier) []dataRecord {
	out := make([]dataRecord, 0, len(d.Notices))
	for _, n := range d.Notices {
		sent := moment(n.SentAt)
		if sent == "" {
			sent = web.T(l, "data.unsent")
		}
		r := dataRecord{Title: n.Recipient, Text: n.Subject + "\n\n" + n.Text, Facts: facts(l,
			"ground", n.Ground, "written", moment(n.DraftedAt), "approved", moment(n.ApprovedAt), "sent", sent, "reference", n.Reference,
		)}
		for _, a := range n.Answers {
			says := ""
			if a.Says != "" {
				says = web.T(l, "data.says."+string(a.Says))
			}
			r.Lines = append(r.Lines, strings.TrimSpace(web.T(l, "data.answer", moment(a.At))+" "+says))
		}
		out = append(out, r)
	}
	return out
}

// talkOf lists what was said, asked and answered.
func talkOf(l takedown.Lang, d takedown.Dossier) []dataRecord {
	var out []dataRecord
	for _, m := range d.Talk.Messages {
		who := "messages.you"
		if m.FromTeam {
			who = "messages.team"
		}
		out = append(out, dataRecord{Title: web.T(l, who) + " · " + moment(m.SentAt), Text: m.Text})
	}
	for _, q := range d.Talk.Questions {
		r := dataRecord{Title: web.T(l, "question."+string(q.Kind)) + " · " + moment(q.AskedAt), Text: q.Words}
		if q.Answer != "" {
			r.Lines = []string{answerOf(l, d, q) + " · " + moment(q.AnsweredAt)}
		}
		out = append(out, r)
	}
	return out
}

// answerOf says what she answered; an image she named is called as she calls it.
func answerOf(l takedown.Lang, d takedown.Dossier, q takedown.DossierQuestion) string {
	for _, i := range d.Images {
		if i.Number == q.Image {
			return ownName(l, i.Label, i.Number)
		}
	}
	return web.T(l, "answer."+string(q.Answer))
}

func eventsOf(l takedown.Lang, d takedown.Dossier) dataRecord {
	r := dataRecord{}
	for _, e := range d.Events {
		by := "data.by.team"
		switch e.Role {
		case takedown.RoleReporter, takedown.RoleNobody:
			by = "data.by.you"
		case takedown.RoleSystem:
			by = "data.by.system"
		}
		r.Lines = append(r.Lines, moment(e.At)+" · "+web.T(l, by)+" · "+web.T(l, "log."+e.Verb))
	}
	r.Lines = append(r.Lines, web.T(l, "data.audit", d.Audit.Seq, d.Audit.Hash))
	return r
}
