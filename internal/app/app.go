// Package app wires the house: settings to parts, parts to doors and workers.
//
// It is the only package that knows them all. It holds no rule and no page; the
// schedule of everything that happens without a person is the one table in
// schedule.go.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the machine may have none

	"golang.org/x/sync/errgroup"

	"reprise/internal/casework"
	"reprise/internal/fetch"
	"reprise/internal/hasher"
	"reprise/internal/jobs"
	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
	"reprise/internal/web"
	"reprise/migrations"
)

// stopWithin bounds a graceful stop.
const stopWithin = 20 * time.Second

// House is a running Reprise: its parts, its doors and its workers.
type House struct {
	Config Config
	Office *casework.Office
	Store  *store.Store
	Queue  *jobs.Queue
	Log    *slog.Logger

	keys    *secret.Keys
	clock   func() time.Time
	mailbox casework.Mailbox
	doors   []door
	health  *health
}

// door is one listener with what answers at it.
type door struct {
	name     string
	server   *http.Server
	listener net.Listener
}

// Open builds a house from its settings. Nothing runs yet and nothing listens.
func Open(ctx context.Context, c Config, log *slog.Logger) (*House, error) {
	h := &House{Config: c, Log: log, clock: time.Now}
	if err := c.check(); err != nil {
		return nil, err
	}
	if c.Trial && c.TrialClock != "" {
		h.clock = shifted(c.TrialClock)
	}
	steps := []func(context.Context) error{h.openKeys, h.openStore, h.openOffice}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, h.Close())
		}
	}
	return h, nil
}

func (h *House) openKeys(context.Context) (err error) {
	h.keys, err = secret.LoadKeys(h.Config.KeyFile)
	if err != nil {
		return fmt.Errorf("the server key: %w (make one with: reprise keys init)", err)
	}
	return nil
}

func (h *House) openStore(ctx context.Context) (err error) {
	if h.Store, err = store.Open(ctx, store.Options{Database: h.Config.Database, Keys: h.keys}); err != nil {
		return err
	}
	if err := jobs.Migrate(ctx, h.Store.Database(), h.Store.SQL()); err != nil {
		return fmt.Errorf("prepare the tables of jobs: %w", err)
	}
	h.Queue, err = jobs.Open(jobs.Options{
		Database: h.Store.Database(), Writer: h.Store.SQL(), DSN: h.Config.Database, Logger: h.Log,
		RetryUnit: h.Config.retryUnit(), RescueAfter: h.Config.rescueAfter(), OnDead: h.jobDied,
	})
	return err
}

func (h *House) jobDied(d jobs.DeadJob) {
	h.Log.Error("a job gave up and waits for a person", "job", d.ID, "kind", d.Kind, "ref", d.Ref, "class", d.ErrorClass)
}

func (h *House) openOffice(ctx context.Context) error {
	sender, err := mail.ParseSMTP(h.Config.SMTP)
	if err != nil {
		return fmt.Errorf("REPRISE_SMTP: %w", err)
	}
	sender.Hello, sender.Now = mail.Domain(h.Config.NoticeFrom), h.clock
	if h.Config.Inbox != "" {
		inbox, err := mail.ParseInbox(h.Config.Inbox)
		if err != nil {
			return fmt.Errorf("REPRISE_INBOX: %w", err)
		}
		h.mailbox = inbox
	}
	givenHasher, err := hasher.NewHasher(ctx, 1)
	if err != nil {
		return fmt.Errorf("prepare to hash images: %w", err)
	}
	lookHasher, err := hasher.NewHasher(ctx, 1)
	if err != nil {
		return fmt.Errorf("prepare to hash images: %w", err)
	}
	videos, err := hasher.NewVideos(ctx, 1)
	if err != nil {
		if !errors.Is(err, hasher.ErrNoFFmpeg) {
			return fmt.Errorf("prepare to look into videos: %w", err)
		}
		h.Log.Warn("videos that looks find are counted and not looked into", "reason", err)
	} else {
		h.Log.Info("videos are looked into", "confinement", videos.Confinement())
	}
	exceptions, err := h.Config.exceptions()
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(h.Config.Zone)
	if err != nil {
		return fmt.Errorf("REPRISE_ZONE: %w", err)
	}
	h.Office = casework.Open(casework.Parts{
		Zone:  zone,
		Store: h.Store, Jobs: h.Queue, Keys: h.keys, Hasher: givenHasher, LookHasher: lookHasher, Videos: videos, Sender: sender, Mailbox: h.mailbox,
		Looker: fetch.New(fetch.Options{Exceptions: exceptions, OwnAddresses: ownAddresses(), Total: 8}),
		Now:    h.clock, Wall: time.Now, Log: h.Log, Organisation: h.Config.Organisation.value(),
		Patience: h.Config.patience(), NoticeFrom: h.Config.NoticeFrom, UpdateFrom: h.Config.UpdateFrom,
	})
	if err := h.Office.LoadData(ctx, migrations.Data); err != nil {
		return err
	}
	return h.Office.FollowReferences(ctx)
}

// Run serves until ctx ends, then stops gracefully: listeners first, then the
// jobs that run.
func (h *House) Run(ctx context.Context) error {
	if err := h.Listen(ctx); err != nil {
		return err
	}
	return h.Serve(ctx)
}

// Listen opens the doors, so that their addresses are known before anything is
// served. A port may be 0: the public address follows it.
func (h *House) Listen(ctx context.Context) error {
	h.health = newHealth(h)
	opens := []struct {
		name, addr, url string
		open            func(url string) (*http.Server, error)
	}{
		{"portal", h.Config.PortalAddr, h.Config.PortalURL, h.openPortal},
		{"console", h.Config.ConsoleAddr, h.Config.ConsoleURL, h.openConsole},
		{"ops", h.Config.OpsAddr, "", h.openOps},
	}
	for _, o := range opens {
		if o.name != "ops" && len(h.Config.doors) > 0 && !slices.Contains(h.Config.doors, o.name) {
			continue
		}
		l, err := web.Listen(ctx, o.addr, h.Config.Proxies...)
		if err != nil {
			return fmt.Errorf("open the %s: %w", o.name, err)
		}
		server, err := o.open(strings.Replace(o.url, "127.0.0.1:0", l.Addr().String(), 1))
		if err != nil {
			return errors.Join(err, l.Close())
		}
		h.doors = append(h.doors, door{o.name, server, l})
	}
	return nil
}

// Serve answers at the open listeners and works until ctx ends.
func (h *House) Serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	if h.Config.workers {
		if err := h.work(ctx, group); err != nil {
			return err
		}
	}
	for _, d := range h.doors {
		group.Go(func() error {
			if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve the %s: %w", d.name, err)
			}
			return nil
		})
	}
	group.Go(func() error {
		<-ctx.Done()
		return h.stop(context.WithoutCancel(ctx))
	})
	return group.Wait()
}

// work resolves what a process that is gone left unclear, then starts the
// workers and the schedule.
func (h *House) work(ctx context.Context, group *errgroup.Group) error {
	if err := h.Office.Recover(ctx, h.recoverBefore()); err != nil {
		h.Log.Error("recover unclear notices", "error", err.Error())
	}
	if err := h.Queue.Start(context.WithoutCancel(ctx)); err != nil { // stop ends it, gracefully
		return fmt.Errorf("start the workers: %w", err)
	}
	group.Go(func() error { h.schedule(ctx); return nil })
	return nil
}

// recoverBefore gives the time before which a notice found as being sent was
// begun by a process that is gone. SQLite has one process; with PostgreSQL
// another one may be at it right now.
func (h *House) recoverBefore() time.Time {
	if h.Store.Database() == jobs.SQLite {
		return h.clock().Add(time.Second)
	}
	return h.clock().Add(-takedown.NoticeRestsFor)
}

func (h *House) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	var errs []error
	for _, d := range h.doors {
		errs = append(errs, d.server.Shutdown(ctx))
	}
	if h.Config.workers {
		errs = append(errs, h.Queue.Stop(ctx))
	}
	return errors.Join(errs...)
}

// Close lets go of the database. Serve must have ended.
func (h *House) Close() error {
	if h.Queue != nil {
		h.Queue.Close()
	}
	if h.Store != nil {
		return h.Store.Close()
	}
	return nil
}

// Addr gives the address at which a door listens.
func (h *House) Addr(name string) string {
	for _, d := range h.doors {
		if d.name == name {
			return d.listener.Addr().String()
		}
	}
	return ""
}

// shifted gives a clock with the offset in seconds that a file holds, read at
// every use. A file that is not there is no offset.
func shifted(file string) func() time.Time {
	return func() time.Time {
		text, err := os.ReadFile(filepath.Clean(file))
		if err != nil {
			return time.Now()
		}
		offset, err := time.ParseDuration(string(trimmed(text)) + "s")
		if err != nil {
			return time.Now()
		}
		return time.Now().Add(offset)
	}
}

func trimmed(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == '\n' || b[len(b)-1] == ' ') {
		b = b[:len(b)-1]
	}
	return b
}
