package portal

import (
	"fmt"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// markOptions is the one box of the question about local features.
func markOptions(l takedown.Lang, yes bool) []option {
	return []option{{"yes", web.T(l, "marks"), web.T(l, "marks.hint"), "points", yes}}
}

// kinds says which images we read when a file is sent: a phone's own format needs a
// library that not every machine has.
func (d *door) kinds(l takedown.Lang) string {
	if d.words.ReadsHEIC {
		return web.T(l, "images.kinds.heic")
	}
	return web.T(l, "images.kinds")
}

func ageOptions(l takedown.Lang, f draft) []option {
	out := make([]option, 0, len(takedown.Ages()))
	for _, a := range takedown.Ages() {
		name := string(a)
		out = append(out, option{name, web.T(l, "age."+name), "", "age-" + name, f.Adult && a == takedown.AgeAdult})
	}
	return out
}

func harmOptions(l takedown.Lang, f draft) []option {
	out := make([]option, 0, len(takedown.Harms()))
	for _, h := range takedown.Harms() {
		name := string(h)
		out = append(out, option{name, web.T(l, "harm."+name), web.T(l, "harm."+name+".hint"), "kind-" + name, f.Harm == h})
	}
	return out
}

func whoOptions(l takedown.Lang, f draft) []option {
	return []option{
		{"self", web.T(l, "who.self"), "", "who-self", !f.OnBehalf},
		{"other", web.T(l, "who.other"), web.T(l, "who.other.hint"), "who-other", f.OnBehalf},
	}
}

func contactOf(l takedown.Lang, f draft, s step) contactPage {
	p := contactPage{step: s, Email: f.Email, Options: []option{
		{"none", web.T(l, "contact.none"), web.T(l, "contact.none.hint"), "contact-none", !f.Mail},
		{"mail", web.T(l, "contact.mail"), web.T(l, "contact.mail.hint"), "contact-email", f.Mail},
	}}
	for _, often := range takedown.Frequencies() {
		if often == takedown.MailNever {
			continue
		}
		p.Frequencies = append(p.Frequencies, option{Value: string(often), Text: web.T(l, "often."+string(often)), Checked: f.Frequency == often})
	}
	return p
}

func capacityOptions(l takedown.Lang, f draft) []option {
	out := make([]option, 0, len(takedown.Capacities()))
	for _, k := range takedown.Capacities() {
		name := string(k)
		out = append(out, option{name, web.T(l, "capacity."+name), "", "capacity-" + name, f.Capacity == k})
	}
	return out
}

// sentences are the statements that the notices need, in her words or in those of
// who acts for somebody.
func (f draft) sentences(l takedown.Lang) []string {
	whose := ""
	if f.OnBehalf {
		whose = ".other"
	}
	return []string{web.T(l, "statement.consent"+whose), web.T(l, "statement.mandate"+whose), web.T(l, "statement.faith")}
}

// statementOptions is one box for all of them: none can be left out, and each tick
// is an effort.
func statementOptions(l takedown.Lang, f draft) []option {
	return []option{{"yes", web.T(l, "statement.yes"), "", "statement", f.Stated}}
}

// tip says on a page what helps in her situation, "" where nothing has to be said.
func (f draft) tip(l takedown.Lang, page string) string {
	key := "tip." + page + "." + string(f.Harm)
	if text := web.T(l, key); text != key {
		return text
	}
	return ""
}

// plan says in three lines what we will do.
func (f draft) plan(l takedown.Lang) []string {
	key := "plan." + string(f.Harm)
	first := key + ".1"
	if f.Harm == takedown.HarmThreat && f.Kept > 0 { // something is online already
		first = "plan.published.1"
	}
	return []string{web.T(l, first), web.T(l, key+".2"), web.T(l, key+".3")}
}

func checkRows(l takedown.Lang, f draft) []fact {
	who, contact := web.T(l, "who.self"), web.T(l, "contact.none")
	if f.OnBehalf {
		who = web.T(l, "who.other") + "\n" + web.T(l, "capacity."+string(f.Capacity))
	}
	if f.Mail {
		contact = f.Email + "\n" + web.T(l, "often."+string(f.Frequency))
	}
	row := func(n int, key, value string) fact {
		return fact{web.T(l, "check."+key), value, "do", fmt.Sprintf("step-%d", n), web.T(l, "check.change")}
	}
	return []fact{
		row(stepAge, "age", web.T(l, "age.adult")),
		row(stepHarm, "harm", web.T(l, "harm."+string(f.Harm))),
		row(stepWho, "who", who),
		row(stepAddresses, "addresses", f.howMany(l, "check.addresses")),
		row(stepImages, "images", web.Count(l, "check.images", len(f.hashed()))),
		row(stepContact, "contact", contact),
		row(stepStatements, "statements", web.T(l, "check.given")),
	}
}
