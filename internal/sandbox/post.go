package sandbox

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"reprise/internal/mailbox"
)

// readPost reads each mail soon after it came, until ctx ends.
func (s *Sandbox) readPost(ctx context.Context) {
	for {
		s.mutex.Lock()
		next := s.kept.Read + 1
		s.mutex.Unlock()
		if _, err := s.post.Wait(ctx, next); err != nil {
			return
		}
		if err := s.Settle(); err != nil {
			return // a full disk: pages and clock will say so
		}
	}
}

// Settle reads the mails that have come so far: the made-up hosts act on them and
// answer. It happens by itself; a test that cannot wait calls it.
func (s *Sandbox) Settle() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	mails := s.post.Mails()
	for _, m := range mails[min(s.kept.Read, len(mails)):] {
		answers := s.receive(m)
		s.kept.Read++
		// Kept before the answers leave: one lost in a crash is better than one given twice.
		if err := s.save(); err != nil {
			return err
		}
		for _, a := range answers {
			if err := s.post.Answer(m, a.from, a.text); err != nil {
				return fmt.Errorf("answer mail %s: %w", m.ID, err)
			}
		}
	}
	return nil
}

type answer struct{ from, text string }

// receive lets each operator to whom the mail went act on the addresses in it.
func (s *Sandbox) receive(m mailbox.Mail) []answer {
	var answers []answer
	for _, o := range operators {
		if !slices.Contains(m.To, o.email()) {
			continue
		}
		pages := o.pagesIn(m.Body)
		for _, p := range pages {
			s.kept.Pages[p.id] = append(s.kept.Pages[p.id], o.follow(s.kept.Pages[p.id], m.Received)...)
		}
		if o.answer != "" && len(pages) > 0 {
			answers = append(answers, answer{o.email(), s.ui.say(o.Lang, "answer."+o.answer)})
		}
	}
	return answers
}

// follow gives what the operator does to a page of this history after a notice.
func (o operator) follow(history []change, received time.Time) []change {
	if o.act == "" {
		return nil
	}
	done := []change{{At: received.Add(o.after), State: o.act, By: o.ID}}
	acted := slices.ContainsFunc(history, func(c change) bool { return c.By == o.ID })
	if o.back > 0 && !acted { // a reminder removes it for good
		done = append(done, change{At: received.Add(o.after + o.back), State: Online, By: o.ID})
	}
	return done
}

// inText finds addresses, without the full stop or bracket of the sentence around.
var inText = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:)]`)

// pagesIn finds the pages in a text that the operator can do something about, once each.
func (o operator) pagesIn(text string) []page {
	var out []page
	for _, found := range inText.FindAllString(text, -1) {
		on, p, err := parse(found)
		if err != nil || !o.mayAct(on) || slices.ContainsFunc(out, func(q page) bool { return q.id == p.id }) {
			continue
		}
		out = append(out, p)
	}
	return out
}

// parse gives the site and page of an address on a made-up host.
func parse(raw string) (site, page, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return site{}, page{}, fmt.Errorf("read an address of the sandbox: %w", err)
	}
	on, p, ok := find(u.Hostname(), u.Path)
	if !ok {
		return site{}, page{}, fmt.Errorf("no made-up page has the address %q", raw)
	}
	return on, p, nil
}

// delist takes in a form that a search engine received: the addresses in it leave
// its results a day later. It gives the reference number of the form.
func (s *Sandbox) delist(engine, text string) (string, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.kept.Forms++
	for _, found := range inText.FindAllString(text, -1) {
		if _, p, err := parse(found); err == nil {
			key := engine + "/" + p.id
			s.kept.Delists[key] = append(s.kept.Delists[key], change{At: s.Now().Add(delistAfter), State: Gone, By: engine})
		}
	}
	return fmt.Sprintf("%s-%06d", strings.ToUpper(engine[:2]), 481500+s.kept.Forms), s.save()
}

// listed gives the pages that a search engine still shows.
func (s *Sandbox) listed(engine string) []result {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var out []result
	for _, site := range sites {
		for _, p := range site.pages {
			if at(s.kept.Delists[engine+"/"+p.id], s.Now(), Online) == Online {
				out = append(out, result{site, p})
			}
		}
	}
	return out
}

// result is one line of a search engine's results.
type result struct {
	site site
	page page
}
