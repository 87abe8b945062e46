package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"reprise/internal/takedown"
)

func TestCaseComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		c := takedown.Case{
			ID: "1", Number: private("123456789"), State: takedown.CaseOpen, Harm: takedown.HarmDeepfake, Lang: takedown.English, OnBehalf: true,
			Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true},
			Contact:    takedown.Contact{Email: private("elle@example.org"), Frequency: takedown.MailWeekly, News: true, Token: private(""), Key: private("")},
			CreatedAt:  given,
		}
		c.MayUsePoints = true
		h.write(func(tx *Tx) error { return tx.AddCase(c, "key 1", lock()) })
		c.CreatedAt = kept
		same(t, read(h, with((*Tx).CaseByID, "1")), c)
		same(t, read(h, with((*Tx).CaseByOpeningKey, "key 1")), c)
		same(t, read(h, with((*Tx).CaseByNumber, "123456789")), c)
		same(t, read(h, with((*Tx).AccessByNumber, "123456789")), Access{"1", lock()})

		c.State, c.ClosedAt, c.WatchUntil = takedown.CaseClosed, givenAfter(time.Hour), givenAfter(2*time.Hour)
		c.Contact = takedown.Contact{Email: private("autre@example.org"), Frequency: takedown.MailDaily, MailedAt: givenAfter(time.Minute), Token: private("token"), StoppedAt: given, Key: private("key")}
		h.write(func(tx *Tx) error {
			return errors.Join(tx.SaveCaseState(c, takedown.CaseOpen), tx.SaveContact("1", c.Contact), tx.MarkMailed("1", c.Contact), tx.SaveMayUsePoints("1", false))
		})
		c.MayUsePoints = false
		c.ClosedAt, c.WatchUntil, c.Contact.MailedAt = keptAfter(time.Hour), keptAfter(2*time.Hour), keptAfter(time.Minute)
		c.Contact.StoppedAt = kept
		same(t, read(h, with((*Tx).CaseByID, "1")), c)
		same(t, read(h, with((*Tx).CaseByContactToken, private("token"))), c)

		c.State, c.ClosedAt, c.WatchUntil = takedown.CaseOpen, time.Time{}, time.Time{}
		c.Contact = takedown.Contact{Email: private(""), Frequency: takedown.MailNever, News: true, Token: private(""), Key: private("")}
		h.write(func(tx *Tx) error {
			return errors.Join(tx.SaveCaseState(c, takedown.CaseClosed), tx.SaveContact("1", c.Contact), tx.UnmarkMailed("1", c.Contact))
		})
		same(t, read(h, with((*Tx).CaseByID, "1")), c)
		for _, token := range []string{"token", ""} {
			if _, err := tryRead(h, with((*Tx).CaseByContactToken, private(token))); !errors.Is(err, takedown.ErrNotFound) {
				t.Errorf("the token %q of nobody: %v", token, err)
			}
		}
	})
}

func TestAMailThatSaysStopIsNotedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error { return tx.AddCase(aCase("1"), "key", lock()) })
		for delivery, want := range map[string]bool{"a": true, "b": true} {
			for range 2 {
				h.write(func(tx *Tx) error {
					isNew, err := tx.AddStop("1", delivery)
					if isNew != want {
						t.Errorf("%s is new: %v", delivery, isNew)
					}
					want = false
					return err
				})
			}
		}
	})
}

func TestCaseWithoutAnythingOptionalComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error { return tx.AddCase(aCase("1"), "key", lock()) })
		same(t, read(h, with((*Tx).CaseByID, "1")), aCase("1"))
	})
}

func TestItemComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		i := takedown.Item{
			ID: "a", CaseID: "1", Position: 3, Address: private("HTTPS://Photomur.net/été?a=1|2#x"), Host: private("photomur.net"), RecipientID: "forum",
			Origin: takedown.FromSystem, Triage: takedown.TriageCleared, Standing: takedown.Standing{Presence: takedown.Unseen},
			NextLook: given, CreatedAt: givenAfter(-time.Hour), Overruled: takedown.NewPrivate(""), Label: takedown.NewPrivate(""),
		}
		h.write(func(tx *Tx) error {
			return errors.Join(tx.AddCase(aCase("1"), "key", lock()), adds(t)(tx.AddItem(i, "https://photomur.net/")))
		})
		was := i
		i.NextLook, i.CreatedAt = kept, keptAfter(-time.Hour)
		same(t, read(h, with((*Tx).ItemByID, "a")), i)

		i.Triage, i.Presence, i.Closed = takedown.TriageConfirmed, takedown.Removed, takedown.ClosedRemoved
		i.Overruled, i.SeenAt = takedown.NewPrivate("seen signed in"), givenAfter(time.Minute)
		i.GoneSince, i.ClosedAt, i.LookedAt, i.NextLook = givenAfter(1), givenAfter(time.Second), givenAfter(time.Minute), givenAfter(time.Hour)
		h.write(func(tx *Tx) error { return tx.SaveItem(i, was) })
		was = i
		i.SeenAt = keptAfter(time.Minute)
		i.GoneSince, i.ClosedAt, i.LookedAt, i.NextLook = kept, keptAfter(time.Second), keptAfter(time.Minute), keptAfter(time.Hour)
		same(t, read(h, with((*Tx).ItemByID, "a")), i)

		i.Closed, i.ClosedAt, i.GoneSince, i.NextLook = "", time.Time{}, time.Time{}, time.Time{}
		h.write(func(tx *Tx) error { return tx.SaveItem(i, was) })
		same(t, read(h, with((*Tx).ItemsOfCase, "1")), []takedown.Item{i})
	})
}

func TestReferenceComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		named := takedown.Reference{
			ID: "r", CaseID: "1", Kind: takedown.ReferenceClip, Label: private("sur la plage.mp4"), Signature: []byte{0, 1, 255, 0},
			Exchange: []byte{255, 0}, Points: []byte{0, 0, 3}, Quality: 100, CreatedAt: given,
		}
		plain := takedown.Reference{ID: "s", CaseID: "1", Kind: takedown.ReferenceImage, Signature: []byte{7}, CreatedAt: givenAfter(time.Hour)}
		h.write(func(tx *Tx) error {
			return errors.Join(tx.AddCase(aCase("1"), "key", lock()), adds(t)(tx.AddReference(named)), adds(t)(tx.AddReference(plain)))
		})
		named.CreatedAt, plain.CreatedAt, plain.Label = kept, keptAfter(time.Hour), private("")
		same(t, read(h, with((*Tx).ReferencesOfCase, "1")), []takedown.Reference{named, plain})
		same(t, read(h, with((*Tx).ReferenceByID, "r")), named)
	})
}

func TestObservationAndMatchComeBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		full := takedown.Observation{
			ID: "o", CaseID: "1", ItemID: "a", At: given, Saw: takedown.SawGeoBlock, Status: 451, Failure: takedown.FailureAnswer,
			Says: takedown.SaysGeo, MediaFound: 12, MediaRead: 11, Distance: -1,
			VideosFound: 3, VideosRead: 2, VideoTrouble: takedown.VideoPlayer,
		}
		bare := takedown.Observation{ID: "p", CaseID: "1", ItemID: "a", At: givenAfter(time.Hour), Saw: takedown.SawUnclear}
		m := takedown.Match{
			ID: "m", CaseID: "1", ItemID: "a", ReferenceID: "ref", Media: private("https://photomur.net/1.jpg"), Distance: 12, Variant: "rot90",
			Found: private("32 bytes"), Kind: takedown.MatchPoints, Inverted: true, Points: 118, Angle: -5, Share: 40,
			ReferenceBox: takedown.Box{Left: 0, Top: 10, Right: 1000, Bottom: 850}, FoundBox: takedown.WholeBox, Span: takedown.Span{From: 12, To: 40},
			FloodID: "f", NegativeID: "n", Verdict: takedown.VerdictNear, State: takedown.MatchSuggested, SeenAt: given,
		}
		h.write(func(tx *Tx) error {
			return errors.Join(tx.AddObservation(full), tx.AddObservation(bare), tx.AddMatch(m))
		})
		full.At, bare.At, m.SeenAt = kept, keptAfter(time.Hour), kept
		same(t, read(h, with((*Tx).ObservationsOfItem, "a")), []takedown.Observation{full, bare})
		same(t, read(h, with((*Tx).MatchByID, "m")), m)

		m.State, m.DecidedBy, m.DecidedAt = takedown.MatchConfirmed, "camille", givenAfter(time.Hour)
		m.FloodID, m.NegativeID = "", "other"
		h.write(func(tx *Tx) error { return tx.SaveMatch(m, takedown.MatchSuggested) })
		m.DecidedAt = keptAfter(time.Hour)
		for _, ask := range []func(*Tx) ([]takedown.Match, error){with((*Tx).MatchesOfCase, "1"), with((*Tx).MatchesOfItem, "a")} {
			same(t, read(h, ask), []takedown.Match{m})
		}
	})
}

func TestMatchIsFoundByWhatItIsNearAndWhatHoldsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		m := takedown.Match{
			ID: "m", CaseID: "1", ItemID: "a", ReferenceID: "ref", Media: private("1.jpg"), Found: private("logo"), State: takedown.MatchHeld, FloodID: "f", NegativeID: "no", SeenAt: given,
		}
		later := m
		later.ID, later.Media, later.Found, later.FloodID, later.NegativeID, later.SeenAt = "n", private("2.jpg"), private("other"), "", "", givenAfter(time.Hour)
		later.State = takedown.MatchSuggested
		bare := later
		bare.ID, bare.Media, bare.Found = "o", private("3.jpg"), private("")
		h.write(func(tx *Tx) error { return errors.Join(tx.AddMatch(m), tx.AddMatch(later), tx.AddMatch(bare)) })
		after := func(d time.Duration) string {
			return ids(read(h, func(tx *Tx) ([]takedown.Match, error) { return tx.SuggestedOfReference("ref", givenAfter(d)) }), matchID)
		}
		same(t, after(-time.Hour), "n o ")
		same(t, after(59*time.Minute), "n o ")
		same(t, after(time.Hour), "")
		same(t, ids(read(h, with((*Tx).MatchesOfFound, private("logo"))), matchID), "m ")
		same(t, ids(read(h, with((*Tx).MatchesOfFound, private(""))), matchID), "")
		same(t, ids(read(h, with((*Tx).MatchesOfFlood, "f")), matchID), "m ")
		same(t, len(read(h, (*Tx).OpenMatches)), 3)
		same(t, read(h, (*Tx).RejectedByNegative), map[string]int{"no": 1})
	})
}

func TestPointsAreAddedOnceAndForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		add := func(signature, points string) bool {
			var added bool
			h.write(func(tx *Tx) (err error) {
				added, err = tx.AddPoints("1", []byte(signature), []byte(points))
				return err
			})
			return added
		}
		points := func() string { return string(read(h, with((*Tx).ReferenceByID, "ref")).Points) }
		if add("another", "points") || !add("signature", "points") || add("signature", "later") || points() != "points" {
			t.Errorf("the points are %q", points())
		}
		forget := func() (n int) {
			h.write(func(tx *Tx) (err error) {
				n, err = tx.ForgetPoints("1")
				return err
			})
			return n
		}
		if n := forget(); n != 1 || points() != "" {
			t.Errorf("of %d images, the points are %q", n, points())
		}
		if n := forget(); n != 0 {
			t.Errorf("the points of %d images were forgotten twice", n)
		}
	})
}

func TestExchangedReferencesFollowEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		again := takedown.Reference{ID: "again", CaseID: "1", Signature: []byte("signature"), Exchange: []byte("never"), CreatedAt: kept}
		one := takedown.Reference{ID: "one", CaseID: "1", Signature: []byte("one"), Exchange: []byte("1"), Quality: 51, CreatedAt: kept}
		two := takedown.Reference{ID: "two", CaseID: "1", Signature: []byte("two"), Exchange: []byte("2"), Quality: 52, CreatedAt: kept}
		h.write(func(tx *Tx) error {
			added, err := tx.AddReference(again)
			if added {
				t.Error("the same image was added twice")
			}
			return errors.Join(err, adds(t)(tx.AddReference(one)))
		})
		h.write(func(tx *Tx) error { return adds(t)(tx.AddReference(two)) })
		after := func(seq int64, limit int) []Exchanged {
			return read(h, func(tx *Tx) ([]Exchanged, error) { return tx.ExchangedAfter(seq, limit) })
		}
		all := after(0, 10)
		if len(all) != 2 || all[0].ID != "one" || all[1].ID != "two" || all[0].Seq >= all[1].Seq || string(all[1].Hash) != "2" || all[1].Quality != 52 {
			t.Fatalf("exchanged are %+v", all)
		}
		same(t, after(0, 1), all[:1])
		same(t, after(all[0].Seq, 10), all[1:])
		same(t, len(after(all[1].Seq, 10)), 0)
		same(t, read(h, with((*Tx).ReferenceBySeq, all[0].Seq)).ID, "one")
	})
}

func TestNegativeComesBackAsGivenAndIsKeptOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		n := takedown.Negative{ID: "n", Hash: private("\x00\xff32"), Why: takedown.NegativeLogo, AddedBy: "camille", AddedAt: given}
		again := n
		again.ID = "again"
		h.write(func(tx *Tx) error {
			for _, one := range []takedown.Negative{n, again} {
				id, err := tx.KeepNegative(one)
				if err != nil || id != "n" {
					return fmt.Errorf("kept as %s: %w", id, err)
				}
			}
			return nil
		})
		n.AddedAt = kept
		same(t, read(h, (*Tx).Negatives), []takedown.Negative{n})
		h.write(func(tx *Tx) error { return tx.RemoveNegative("n") })
		same(t, len(read(h, (*Tx).Negatives)), 0)
		if err := h.tryWrite(func(tx *Tx) error { return tx.RemoveNegative("n") }); !errors.Is(err, takedown.ErrConflict) {
			t.Errorf("removed twice: %v", err)
		}
	})
}

func TestFloodComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		f := takedown.Flood{ID: "f", ReferenceID: "ref", State: takedown.FloodOpen, Since: given}
		g := takedown.Flood{ID: "g", State: takedown.FloodOpen, Since: givenAfter(time.Hour)}
		h.write(func(tx *Tx) error { return errors.Join(tx.AddFlood(f, private("")), tx.AddFlood(g, private("logo"))) })
		f.Since, g.Since = kept, keptAfter(time.Hour)
		same(t, read(h, (*Tx).OpenFloods), []takedown.Flood{f, g})
		same(t, read(h, with((*Tx).FloodOfReference, "ref")), f)
		same(t, read(h, with((*Tx).FloodOfFound, private("logo"))), g)
		if _, err := tryRead(h, with((*Tx).FloodOfFound, private(""))); !errors.Is(err, takedown.ErrNotFound) {
			t.Errorf("a flood of no hash: %v", err)
		}
		f.State, f.DecidedBy, f.DecidedAt = takedown.FloodReal, "camille", givenAfter(time.Hour)
		h.write(func(tx *Tx) error { return tx.SaveFlood(f, takedown.FloodOpen) })
		f.DecidedAt = keptAfter(time.Hour)
		same(t, read(h, with((*Tx).FloodByID, "f")), f)
		same(t, read(h, (*Tx).OpenFloods), []takedown.Flood{g})
	})
}

// A media file seen again keeps what a person decided about it.
func TestMatchSeenAgainKeepsItsDecision(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		m := takedown.Match{ID: "m", CaseID: "1", ItemID: "a", ReferenceID: "ref", Media: private("x"), Found: private(""), State: takedown.MatchSuggested, SeenAt: kept}
		again := m
		again.ID, again.Distance = "m2", 40
		rejected := m
		rejected.State, rejected.DecidedBy, rejected.DecidedAt = takedown.MatchRejected, "camille", kept
		h.write(func(tx *Tx) error {
			return errors.Join(tx.AddMatch(m), tx.SaveMatch(rejected, takedown.MatchSuggested), tx.AddMatch(again))
		})
		same(t, read(h, with((*Tx).MatchesOfItem, "a")), []takedown.Match{rejected})
	})
}

func TestRecipientAndGroundComeBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		r := takedown.Recipient{
			ID: "forum", Name: "Forum", Kind: takedown.KindForum, Channel: takedown.ByForm, Email: "abuse@forum.net", FormURL: "https://forum.net/abuse",
			Domains: []string{"forum.net", "forum.*"}, Countries: []string{"FR", "US"}, Lang: takedown.French, Behind: []string{"host", "cdn"},
			Parallel: true, Confidence: "low", Notes: "Écrire en français ; joindre l’adresse", Source: "shipped", VerifiedAt: given, VerifiedBy: "camille",
		}
		g := takedown.Ground{
			ID: "us-tida", Country: "US", Statute: "47 U.S.C. 223a", Citation: "§ 223a(a)", DeadlineHours: 48,
			Elements: []takedown.Element{takedown.NeedsURL, takedown.NeedsSignature},
		}
		h.write(func(tx *Tx) error {
			return errors.Join(adds(t)(tx.AddRecipient(r)), adds(t)(tx.AddRecipient(aRecipient("bare"))), tx.AddGround(g), tx.AddGround(aGround()))
		})
		r.VerifiedAt = kept
		same(t, read(h, with((*Tx).RecipientByID, "forum")), r)
		same(t, read(h, (*Tx).Recipients), []takedown.Recipient{r, aRecipient("bare")})
		same(t, read(h, with((*Tx).GroundByID, "us-tida")), g)
		same(t, read(h, with((*Tx).GroundByID, "eu-dsa-16")), aGround())

		changed := aRecipient("forum")
		changed.Name, changed.Confidence = "Forum 2", r.Confidence // how sure the shipped contact was stays
		h.write(func(tx *Tx) error { return tx.SaveRecipient(changed) })
		same(t, read(h, with((*Tx).RecipientByID, "forum")), changed)
		changed, r.Name = r, "Forum 3"
		h.write(func(tx *Tx) error { return tx.SaveRecipient(r) })
		same(t, read(h, with((*Tx).RecipientByID, "forum")), r)
	})
}

func TestNoticeComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		n := takedown.Notice{
			ID: "full", CaseID: "1", RecipientID: "host", GroundID: "eu-dsa-16", Kind: takedown.Reminder, ParentID: "n", Lang: takedown.French,
			Channel: takedown.ByForm, State: takedown.NoticeDrafted, Subject: private("Objet : été"), Body: private("Bonjour,\r\n\x00|\n"),
			MessageID: "<full@house>", ReplyToken: "r+full", Reference: "T-1", CreatedAt: given,
		}
		h.write(func(tx *Tx) error { return tx.AddNotice(n) })
		n.CreatedAt = kept
		for _, ask := range []func(*Tx) (takedown.Notice, error){
			with((*Tx).NoticeByID, "full"), with((*Tx).NoticeByReplyToken, "r+full"), with((*Tx).NoticeByMessageID, "<full@house>"),
		} {
			same(t, read(h, ask), n)
		}
		n.Subject, n.Body = private("Autre objet"), private("Autre texte")
		h.write(func(tx *Tx) error { return tx.SaveNoticeText(n) })
		same(t, read(h, with((*Tx).NoticeByID, "full")), n)

		n.State, n.Reference, n.ApprovedBy = takedown.NoticeSent, "T-2", "camille"
		n.ApprovedAt, n.BegunAt, n.HandedAt, n.SentAt = givenAfter(time.Hour), givenAfter(2*time.Hour), givenAfter(150*time.Minute), givenAfter(3*time.Hour)
		h.write(func(tx *Tx) error { return tx.SaveNotice(n, takedown.NoticeDrafted) })
		n.ApprovedAt, n.BegunAt, n.HandedAt, n.SentAt = keptAfter(time.Hour), keptAfter(2*time.Hour), keptAfter(150*time.Minute), keptAfter(3*time.Hour)
		same(t, read(h, with((*Tx).NoticesIn, takedown.NoticeSent)), []takedown.Notice{n})

		n.State, n.ApprovedBy, n.ApprovedAt, n.BegunAt, n.HandedAt, n.SentAt = takedown.NoticeDrafted, "", time.Time{}, time.Time{}, time.Time{}, time.Time{}
		h.write(func(tx *Tx) error { return tx.SaveNotice(n, takedown.NoticeSent) })
		same(t, read(h, with((*Tx).NoticesOfCase, "1"))[0], n)
	})
}

func TestRequestComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		r := takedown.Request{
			ID: "full", CaseID: "1", ItemID: "a", NoticeID: "n", RecipientID: "host", GroundID: "eu-dsa-16", ParentID: "ra",
			State: takedown.RequestApproved, CreatedAt: givenAfter(time.Hour),
		}
		h.write(func(tx *Tx) error { return adds(t)(tx.AddRequest(r)) })
		r.CreatedAt = keptAfter(time.Hour)
		same(t, read(h, with((*Tx).RequestByID, "full")), r)
		r.State, r.SentAt, r.DueAt = takedown.RequestSent, given, givenAfter(48*time.Hour)
		h.write(func(tx *Tx) error { return tx.SaveRequest(r, takedown.RequestApproved) })
		r.SentAt, r.DueAt = kept, keptAfter(48*time.Hour)
		same(t, read(h, with((*Tx).RequestsOfItem, "a")), []takedown.Request{aRequest("1", "ra", "a", "n"), r})
		same(t, read(h, with((*Tx).RequestsOfCase, "1"))[2], r)
	})
}

func TestReplyComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		full := takedown.Reply{
			ID: "y", NoticeID: "n", CaseID: "1", From: private("abuse@forum.net"), Subject: private("Re: été"), Text: private("Retiré.\n"),
			Suggestion: takedown.MoveRefuse, Reference: "T-1", State: takedown.ReplyNew, ReceivedAt: given,
		}
		bare := takedown.Reply{ID: "z", State: takedown.ReplyNew, ReceivedAt: givenAfter(time.Hour)}
		h.write(func(tx *Tx) error {
			return errors.Join(adds(t)(tx.AddReply(full, "d1")), adds(t)(tx.AddReply(bare, "d2")))
		})
		full.ReceivedAt, bare.ReceivedAt = kept, keptAfter(time.Hour)
		bare.From, bare.Subject, bare.Text = private(""), private(""), private("")
		same(t, read(h, (*Tx).NewReplies), []takedown.Reply{full, bare})
		same(t, read(h, with((*Tx).RepliesOfCase, "1")), []takedown.Reply{full})
		full.State = takedown.ReplyApplied
		h.write(func(tx *Tx) error { return tx.SaveReply(full, takedown.ReplyNew) })
		same(t, read(h, with((*Tx).ReplyByID, "y")), full)
		same(t, read(h, (*Tx).NewReplies), []takedown.Reply{bare})
	})
}

func TestAccountComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := Account{
			ID: "c", Email: private("Camille@Entraide.org"), Name: private("Camille É."), Role: takedown.RoleSupervisor, Lang: takedown.English,
			Password: "$argon2id$", TOTP: private("JBSWY3DP"), TOTPStep: 1 << 40, InviteHash: []byte("hash"), InvitedUntil: given, Active: true, CreatedAt: givenAfter(1),
		}
		h.write(func(tx *Tx) error { return errors.Join(tx.AddAccount(a), tx.AddAccount(anAccount("z"))) })
		a.InvitedUntil, a.CreatedAt = kept, kept
		same(t, read(h, with((*Tx).AccountByID, "c")), a)
		same(t, read(h, with((*Tx).AccountByInvite, []byte("hash"))), a)
		same(t, read(h, (*Tx).Accounts), []Account{a, anAccount("z")})
		for _, spelled := range []string{"camille@entraide.org", "CAMILLE@ENTRAIDE.ORG", "Camille@Entraide.org"} {
			same(t, read(h, with((*Tx).AccountByEmail, spelled)), a)
		}
		a.Name, a.Password, a.TOTP, a.TOTPStep, a.Active = private("Autre"), "$new$", private("OTHER"), 7, false
		h.write(func(tx *Tx) error { return tx.SaveCredentials(a) })
		a.InviteHash, a.InvitedUntil = nil, time.Time{} // the invitation is over
		same(t, read(h, with((*Tx).AccountByID, "c")), a)
	})
}

func TestAccountMayHaveNoNameYet(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		a := anAccount("c")
		a.Name = private("")
		h.write(func(tx *Tx) error { return errors.Join(tx.AddAccount(a), tx.SaveCredentials(a)) })
		same(t, read(h, with((*Tx).AccountByID, "c")), a)
	})
}

// An account whose invitation is over has no hash: a look-up of none finds nobody.
func TestNoInvitationFindsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error { return tx.AddAccount(anAccount("c")) })
		for _, hash := range [][]byte{nil, {}} {
			if _, err := tryRead(h, with((*Tx).AccountByInvite, hash)); !errors.Is(err, takedown.ErrNotFound) {
				t.Errorf("%v finds %v", hash, err)
			}
		}
	})
}

func session(hash []byte, door string) func(*Tx) (Session, error) {
	return func(tx *Tx) (Session, error) { return tx.SessionByHash(hash, door) }
}

// The hash of a token is any 32 bytes; each byte must do as a part of it.
func TestSessionComesBackAsGivenWhateverItsHash(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.write(func(tx *Tx) error {
			for b := range 256 {
				s := Session{[]byte{byte(b), 'x', byte(b)}, "portal", "1", []byte{byte(b)}, given, givenAfter(time.Minute)}
				if err := tx.AddSession(s); err != nil {
					return err
				}
			}
			return nil
		})
		for b := range 256 {
			hash := []byte{byte(b), 'x', byte(b)}
			same(t, read(h, session(hash, "portal")), Session{hash, "portal", "1", []byte{byte(b)}, kept, keptAfter(time.Minute)})
		}
	})
}

func TestSessionChangesAndEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		s := Session{[]byte("h1"), "portal", "", nil, kept, kept}
		h.write(func(tx *Tx) error { return tx.AddSession(s) })
		same(t, read(h, session(s.TokenHash, "portal")).Owner, "")
		s.Data, s.SeenAt = []byte("step 2"), keptAfter(time.Hour)
		h.write(func(tx *Tx) error { return tx.ChangeSession(s) })
		same(t, read(h, session(s.TokenHash, "portal")), s)
		if _, err := tryRead(h, session(s.TokenHash, "console")); !errors.Is(err, takedown.ErrNotFound) {
			t.Errorf("a session of the portal at the console: %v", err)
		}
		h.write(func(tx *Tx) error { return errors.Join(tx.EndSession(s.TokenHash), tx.EndSession([]byte("none"))) })
		if _, err := tryRead(h, session(s.TokenHash, "portal")); !errors.Is(err, takedown.ErrNotFound) {
			t.Errorf("an ended session: %v", err)
		}
		if err := h.tryWrite(func(tx *Tx) error { return tx.ChangeSession(s) }); !errors.Is(err, takedown.ErrConflict) {
			t.Errorf("an ended session is changed: %v", err)
		}
	})
}

func TestMarkIsRememberedAndNoneIsEmpty(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		for _, want := range []string{"", "one", "two", ""} {
			if want != "" || read(h, with((*Tx).Mark, "m")) != "" {
				h.write(func(tx *Tx) error { return tx.SetMark("m", want) })
			}
			same(t, read(h, with((*Tx).Mark, "m")), want)
		}
	})
}

func TestEventComesBackAsGiven(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		e := takedown.Event{
			Seq: 99, At: given, Role: takedown.RoleCaseworker, Actor: "camille", Verb: "approve", CaseID: "1", ItemID: "a",
			Detail: "drafted approved", Prev: []byte("forged"), Hash: []byte("forged"),
		}
		h.write(func(tx *Tx) error { return tx.AppendEvent(e) })
		e.Seq, e.At, e.Prev = 1, kept, make([]byte, 32) // the store fills these in
		e.Hash = h.keys.Index("event", e.Link())
		same(t, read(h, with((*Tx).EventsOfCase, "1")), []takedown.Event{e})
	})
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.caseOfTwo()
		is := func(what string) func(any, error) {
			return func(_ any, err error) {
				t.Helper()
				if !errors.Is(err, takedown.ErrNotFound) {
					t.Errorf("%s: %v", what, err)
				}
			}
		}
		must(t, h.Read(h.ctx, func(tx *Tx) error {
			is("case by id")(tx.CaseByID("x"))
			is("case by number")(tx.CaseByNumber("x"))
			is("case by key")(tx.CaseByOpeningKey("x"))
			is("access")(tx.AccessByNumber("x"))
			is("item")(tx.ItemByID("x"))
			is("match")(tx.MatchByID("x"))
			is("recipient")(tx.RecipientByID("x"))
			is("ground")(tx.GroundByID("x"))
			is("notice by id")(tx.NoticeByID("x"))
			is("notice by token")(tx.NoticeByReplyToken("x"))
			is("notice by message")(tx.NoticeByMessageID("x"))
			is("request")(tx.RequestByID("x"))
			is("reply")(tx.ReplyByID("x"))
			is("account")(tx.AccountByID("x"))
			is("account by e-mail")(tx.AccountByEmail("x"))
			is("session")(tx.SessionByHash([]byte("x"), "portal"))
			_, err := tx.CaseByID("1") // not finding does not end the transaction
			return err
		}))
	})
}

func TestQueueSharesTheTransaction(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		refused := errors.New("refused")
		for _, end := range []error{refused, nil} {
			err := h.Write(h.ctx, func(ctx context.Context, tx *Tx) error {
				_, err := tx.SQL().ExecContext(ctx, `INSERT INTO marks (name, value) VALUES ('job', 'queued')`)
				return errors.Join(err, end)
			})
			if !errors.Is(err, end) {
				t.Fatal(err)
			}
			var value string
			err = h.SQL().QueryRowContext(h.ctx, `SELECT value FROM marks WHERE name = 'job'`).Scan(&value)
			if end != nil && !errors.Is(err, sql.ErrNoRows) || end == nil && value != "queued" {
				t.Errorf("after %v: %q, %v", end, value, err)
			}
		}
	})
}
