// Package proof writes the proof document: a PDF without any image that says which
// addresses were reported, what was seen there and when, who was asked, and by which
// line of the audit all of it can be checked. A person shows it to the police, a
// lawyer or a court.
//
// It holds nothing that she wrote herself and nobody of the team. The same dossier
// gives the same bytes. fpdf writes PDFs without tags, so the page that offers it
// offers the accessible document beside it.
package proof

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"reprise/internal/takedown"
)

// Measures in millimetres, sizes in points.
const (
	margin           = 20.0
	line             = 5.2
	small, body      = 8.5, 10.0
	heading, opening = 13.0, 20.0
	fontText         = "text"
	fontCode         = "code"
)

// Document writes the proof document of a dossier, made by an association, in
// French or English.
func Document(d takedown.Dossier, by string, l takedown.Lang) ([]byte, error) {
	return write(d, by, l, true)
}

// sheet is a document in the making.
type sheet struct {
	*fpdf.Fpdf
	d takedown.Dossier
	w words
}

func write(d takedown.Dossier, by string, l takedown.Lang, compressed bool) ([]byte, error) {
	s := sheet{fpdf.New("P", "mm", "A4", ""), d, english}
	if l == takedown.French {
		s.w = french
	}
	s.SetCompression(compressed)
	s.SetCatalogSort(true)
	s.SetCreationDate(d.MadeAt.UTC())
	s.SetModificationDate(d.MadeAt.UTC())
	s.SetProducer("", true)
	s.SetTitle(s.w.neutral, true)
	s.SetLang(string(l))
	s.SetMargins(margin, margin, margin)
	s.SetAutoPageBreak(true, margin+5)
	for _, f := range []struct {
		family, style string
		ttf           []byte
	}{{fontText, "", goregular.TTF}, {fontText, "B", gobold.TTF}, {fontCode, "", gomono.TTF}} {
		s.AddUTF8FontFromBytes(f.family, f.style, bytes.Clone(f.ttf)) // fpdf writes into it
	}
	s.SetFooterFunc(s.foot)
	s.AddPage()
	s.cover(by)
	s.addresses()
	s.notices()
	s.hashes()
	s.audit()
	var out bytes.Buffer
	if err := s.Output(&out); err != nil {
		return nil, fmt.Errorf("write the proof document: %w", err)
	}
	return out.Bytes(), nil
}

func (s sheet) foot() {
	s.SetY(-margin + 4)
	s.SetFont(fontText, "", small)
	s.SetTextColor(90, 90, 90)
	s.CellFormat(0, line, fmt.Sprintf(s.w.page, s.number(), s.PageNo()), "", 0, "R", false, 0, "")
	s.SetTextColor(0, 0, 0)
}

func (s sheet) number() string {
	n := s.d.Case.Number
	if len(n) != 9 {
		return n
	}
	return n[:3] + " " + n[3:6] + " " + n[6:]
}

// moment writes a day and time as a record of it needs.
func (s sheet) moment(t time.Time) string {
	if t.IsZero() {
		return s.w.none
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func (s sheet) text(size float64, style, text string) {
	s.SetFont(fontText, style, size)
	s.MultiCell(0, line*size/body, legible(text), "", "L", false)
}

func (s sheet) code(text string) {
	s.SetFont(fontCode, "", small)
	s.MultiCell(0, line*0.9, spelled(text), "", "L", false)
}

// fact writes a name and a value beside it.
func (s sheet) fact(name, value string) {
	s.SetFont(fontText, "", small)
	s.SetTextColor(90, 90, 90)
	s.CellFormat(42, line, name, "", 0, "L", false, 0, "")
	s.SetTextColor(0, 0, 0)
	s.SetLeftMargin(margin + 42)
	s.MultiCell(0, line, legible(value), "", "L", false)
	s.SetLeftMargin(margin)
	s.SetX(margin)
}

func (s sheet) chapter(title string) {
	s.room(40)
	s.Ln(line * 1.5)
	s.text(heading, "B", title)
	s.SetDrawColor(30, 30, 30)
	s.Line(margin, s.GetY()+1, 210-margin, s.GetY()+1)
	s.Ln(line)
}

// room begins a new page unless so much of this one is left: a heading never
// stands alone at its foot.
func (s sheet) room(height float64) {
	if s.GetY()+height > 297-margin-5 {
		s.AddPage()
	}
}

func (s sheet) cover(by string) {
	s.text(opening, "B", s.w.title)
	s.Ln(line)
	s.fact(s.w.number, s.number())
	s.fact(s.w.made, s.moment(s.d.MadeAt))
	s.fact(s.w.by, by)
	s.fact(s.w.counted, fmt.Sprintf(s.w.counts, len(s.d.Addresses), len(s.sent())))
	for _, p := range []string{s.w.what, s.w.how, s.w.images, s.w.times} {
		s.Ln(line * 0.6)
		s.text(body, "", p)
	}
}

func (s sheet) addresses() {
	s.chapter(s.w.addresses)
	answered := map[int]time.Time{}
	for _, n := range s.d.Notices {
		if len(n.Answers) > 0 {
			answered[n.Number] = n.Answers[0].At
		}
	}
	for _, a := range s.d.Addresses {
		s.room(32)
		s.SetFont(fontText, "B", body)
		s.MultiCell(0, line, fmt.Sprintf(s.w.address, a.Number), "", "L", false)
		s.code(a.Address)
		var asked, answer time.Time
		for _, r := range a.Requests {
			asked, answer = first(asked, r.SentAt), first(answer, answered[r.Notice])
		}
		s.fact(s.w.seen, s.moment(seenFirst(a)))
		s.fact(s.w.asked, s.moment(asked))
		s.fact(s.w.answered, s.moment(answer))
		s.fact(s.w.gone, s.gone(a))
		s.Ln(line * 0.6)
	}
}

// gone tells the first of the two looks that agreed.
func (s sheet) gone(a takedown.DossierAddress) string {
	switch {
	case a.GoneSince.IsZero():
		return s.w.none
	case a.Step == takedown.StepGone:
		return s.moment(a.GoneSince) + s.w.twice
	}
	return s.moment(a.GoneSince) + s.w.once
}

func first(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func seenFirst(a takedown.DossierAddress) (at time.Time) {
	for _, o := range a.Looks {
		if o.Saw == takedown.SawContent {
			at = first(at, o.At)
		}
	}
	return at
}

// sent lists the notices that have left.
func (s sheet) sent() (out []takedown.DossierNotice) {
	for _, n := range s.d.Notices {
		if !n.SentAt.IsZero() {
			out = append(out, n)
		}
	}
	return out
}

func (s sheet) notices() {
	s.chapter(s.w.notices)
	for _, n := range s.sent() {
		s.room(32)
		s.text(body, "B", n.Recipient)
		s.fact(s.w.ground, n.Ground)
		s.fact(s.w.sentAt, s.moment(n.SentAt))
		if n.Reference != "" {
			s.fact(s.w.reference, n.Reference)
		}
		for _, a := range n.Answers {
			s.fact(s.w.answered, s.moment(a.At))
		}
		s.Ln(line * 0.6)
	}
}

func (s sheet) hashes() {
	s.chapter(s.w.hashes)
	s.text(small, "", s.w.hash)
	s.Ln(line * 0.6)
	for _, i := range s.d.Images {
		if i.PDQ == "" {
			continue
		}
		s.room(20)
		s.text(small, "B", fmt.Sprintf(s.w.image, i.Number, i.Quality, s.moment(i.AddedAt)))
		s.code(i.PDQ)
	}
	for _, a := range s.d.Addresses {
		for _, m := range a.Matches {
			if m.State != takedown.MatchConfirmed || m.PDQ == "" {
				continue
			}
			s.room(20)
			s.text(small, "B", fmt.Sprintf(s.w.match, a.Number, m.Image, m.Distance, s.moment(m.At)))
			s.code(m.PDQ)
		}
	}
}

func (s sheet) audit() {
	s.chapter(s.w.audit)
	s.text(body, "", s.w.check)
	s.Ln(line * 0.6)
	s.fact(s.w.events, fmt.Sprint(len(s.d.Events)))
	s.fact(s.w.seq, fmt.Sprint(s.d.Audit.Seq))
	s.fact(s.w.root, "")
	s.code(s.d.Audit.Hash)
}
