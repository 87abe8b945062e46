// Package casework is the one door to every change: each thing a person or the
// schedule can do is a method of Office, one file per stage of the work.
//
// All of them run in one frame: may the actor do this, begin, load, ask the
// rule of takedown, save guarded by the state that was read, enqueue what must
// happen outside, write the event, commit all or nothing. Inside a transaction
// there is SQL and nothing else; looking, hashing and mailing are jobs that
// begin after the commit. casework never compares states: it asks the rule.
package casework

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"reprise/internal/fetch"
	"reprise/internal/hasher"
	"reprise/internal/jobs"
	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// The kinds of work that happen outside a transaction.
const (
	JobLook = "look" // look at an item
	JobSend = "send" // send an approved notice
	JobTell = "tell" // send a person the mail that says nothing
	JobCode = "code" // send a person the code she asked for
)

// Sender sends one mail. Its error says whether the mail may have left.
type Sender interface {
	Send(ctx context.Context, m mail.Message) error
}

// Mailbox is the association's own mailbox: answers come in there, and the copy
// of each notice, by which an unclear sending is resolved.
type Mailbox interface {
	Fetch(ctx context.Context, after mail.Cursor) ([]mail.Raw, mail.Cursor, error)
	Has(ctx context.Context, messageID string) (bool, error)
}

// Parts are what an office works with.
type Parts struct {
	Store      *store.Store
	Jobs       *jobs.Queue
	Keys       *secret.Keys
	Looker     *fetch.Client
	Hasher     *hasher.Hasher // of what persons give
	LookHasher *hasher.Hasher // of what looks find: neither waits for the other
	Videos     *hasher.Videos // nil: videos are counted, and said not to be looked into
	Sender     Sender
	Mailbox    Mailbox          // nil: no mailbox is read
	Now        func() time.Time // the clock of the work: deadlines, looks, the audit
	Wall       func() time.Time // the clock of people's devices, by which their codes are made
	Log        *slog.Logger

	Organisation takedown.Organisation
	Zone         *time.Location // whose hours are meant by the hours a person chose; nil: UTC
	Patience     time.Duration  // how long one job may take; 0: 2 minutes
	NoticeFrom   string         // sender of notices; its domain makes Message-IDs and reply addresses
	UpdateFrom   string         // sender of the mails that say nothing
}

// Office is where the work is done.
type Office struct {
	Parts
	everybody *everybody
	oneVideo  chan struct{} // held by the look that has a video in memory
	images    chan struct{} // held for each image of a person that is in memory
}

// Open makes an office of its parts and registers its jobs with the queue.
func Open(p Parts) *Office {
	o := &Office{Parts: p, everybody: newEverybody(), oneVideo: make(chan struct{}, 1), images: make(chan struct{}, maxImages)}
	o.register()
	return o
}

// maxImages is how many images of persons, of 8 MB at most, may wait in memory to be
// hashed.
const maxImages = 24

// register gives each job its handler. What a job is about may be gone when its
// turn comes, because the person erased her case: then there is nothing to do.
func (o *Office) register() {
	patience := o.patience()
	o.Jobs.Register(JobLook, jobs.KindOptions{Timeout: patience, Workers: 4}, func(ctx context.Context, j jobs.Job) error {
		return unlessGone(o.Look(ctx, j.ID))
	})
	o.Jobs.Register(JobSend, jobs.KindOptions{Timeout: patience, Workers: 1}, func(ctx context.Context, j jobs.Job) error {
		return unlessGone(o.Send(ctx, j.ID))
	})
	o.Jobs.Register(JobTell, jobs.KindOptions{Timeout: patience, Workers: 1}, func(ctx context.Context, j jobs.Job) error {
		return unlessGone(o.Tell(ctx, j.ID))
	})
	o.Jobs.Register(JobCode, jobs.KindOptions{Timeout: patience, Workers: 1}, func(ctx context.Context, j jobs.Job) error {
		return unlessGone(o.SendCode(ctx, j.ID))
	})
}

func unlessGone(err error) error {
	if takedown.KindOf(err) == takedown.NotFound {
		return nil
	}
	return err
}

func (o *Office) patience() time.Duration {
	if o.Patience == 0 {
		return 2 * time.Minute
	}
	return o.Patience
}

// Change is one write transaction of one actor.
type Change struct {
	*store.Tx
	ctx    context.Context
	office *Office
	Actor  takedown.Actor
	Now    time.Time
}

// Change runs do in the frame. Whatever do returns, all of it is kept or nothing.
func (o *Office) Change(ctx context.Context, actor takedown.Actor, p takedown.Permission, do func(*Change) error) error {
	if !actor.May(p) {
		return takedown.ErrForbidden
	}
	return o.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return do(&Change{Tx: tx, ctx: ctx, office: o, Actor: actor, Now: o.now()})
	})
}

// Read runs do on one moment of the store.
func (o *Office) Read(ctx context.Context, actor takedown.Actor, p takedown.Permission, do func(*store.Tx) error) error {
	if !actor.May(p) {
		return takedown.ErrForbidden
	}
	return o.Store.Read(ctx, do)
}

func (o *Office) now() time.Time { return takedown.Moment(o.Now()) }

// Event writes one line of the audit. detail holds states and counts only.
func (c *Change) Event(verb, caseID, itemID, detail string) error {
	return c.AppendEvent(takedown.Event{
		At: c.Now, Role: c.Actor.Role, Actor: c.Actor.ID, Verb: verb, CaseID: caseID, ItemID: itemID, Detail: detail,
	})
}

// Enqueue asks for work that happens after the commit.
func (c *Change) Enqueue(kind, id string) error {
	if err := c.office.Jobs.Enqueue(c.ctx, c.SQL(), kind, id); err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	return nil
}

// settleCase closes a case whose items are all closed, or takes it up again.
func (c *Change) settleCase(caseID string) error {
	file, err := c.CaseByID(caseID)
	if err != nil {
		return err
	}
	items, err := c.ItemsOfCase(caseID)
	if err != nil {
		return err
	}
	was := file.State
	if !file.Settle(items, c.Now) {
		return nil
	}
	if err := c.SaveCaseState(file, was); err != nil {
		return err
	}
	return c.Event("case."+string(file.State), caseID, "", "")
}
