package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"reprise/internal/casework"
	"reprise/internal/picture"
	"reprise/internal/reporter"
	"reprise/internal/store"
	"reprise/internal/takedown"
	"reprise/internal/web"
	"reprise/internal/web/console"
	"reprise/internal/web/portal"
	"reprise/migrations"
)

// Ends of a visit: unused, and in all (SAFETY row 58).
const (
	portalIdle, portalAbsolute   = 15 * time.Minute, time.Hour
	portalKept, portalKeptAtMost = time.Hour, 8 * time.Hour // a form that is being filled in
	consoleIdle, consoleAbsolute = 20 * time.Minute, 8 * time.Hour
)

func (h *House) openPortal(url string) (*http.Server, error) {
	channels, err := casework.ProtectionChannels(migrations.Data)
	if err != nil {
		return nil, err
	}
	help, err := casework.HelpLines(migrations.Data)
	if err != nil {
		return nil, err
	}
	grid, err := casework.AccessGrid(migrations.Data)
	if err != nil {
		return nil, err
	}
	options := h.doorOptions("portal", url, portalIdle, portalAbsolute)
	options.Discreet, options.Kept, options.KeptAtMost, options.Merge = true, portalKept, portalKeptAtMost, portal.Merge
	server, err := web.New(options)
	if err != nil {
		return nil, err
	}
	portal.Mount(server, reporter.Space{Office: h.Office}, portal.Words{
		Country: h.Config.Organisation.Country, Channels: channels, Help: help, Grid: grid, ReadsHEIC: picture.ReadsHEIC(), ExitURL: h.Config.ExitURL,
		Association: h.Config.Organisation.Name, Mail: h.Config.Organisation.Email,
	})
	return server.HTTPServer(), nil
}

func (h *House) openConsole(url string) (*http.Server, error) {
	server, err := web.New(h.doorOptions("console", url, consoleIdle, consoleAbsolute))
	if err != nil {
		return nil, err
	}
	console.Mount(server, h.Office)
	return server.HTTPServer(), nil
}

func (h *House) openOps(string) (*http.Server, error) {
	return &http.Server{Handler: h.health.handler(), ReadHeaderTimeout: 5 * time.Second}, nil
}

func (h *House) doorOptions(name, url string, idle, absolute time.Duration) web.Options {
	return web.Options{
		Door: name, URL: url, Idle: idle, Absolute: absolute, Now: time.Now, Log: h.Log,
		Sessions: sessionRows{h, name}, RateKey: h.keys.RateKey, Proxies: h.Config.Proxies, Widen: h.Config.widen(),
		Unavailable: func(err error) bool { return errors.Is(err, store.ErrUnavailable) },
	}
}

// sessionRows keeps the sessions of one door in the database.
type sessionRows struct {
	house *House
	door  string
}

// Load finds a session (web.SessionRows).
func (r sessionRows) Load(ctx context.Context, hash []byte) (web.Row, error) {
	var out web.Row
	err := r.house.Store.Read(ctx, func(tx *store.Tx) error {
		s, err := tx.SessionByHash(hash, r.door)
		out = web.Row{TokenHash: s.TokenHash, Owner: s.Owner, Data: s.Data, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt}
		return err
	})
	return out, err
}

// Add keeps a new session (web.SessionRows).
func (r sessionRows) Add(ctx context.Context, row web.Row) error {
	return r.house.Store.Write(ctx, func(_ context.Context, tx *store.Tx) error {
		return tx.AddSession(store.Session{
			TokenHash: row.TokenHash, Door: r.door, Owner: row.Owner, Data: row.Data, CreatedAt: row.CreatedAt, SeenAt: row.SeenAt,
		})
	})
}

// Change rewrites a session that has not ended (web.SessionRows).
func (r sessionRows) Change(ctx context.Context, hash []byte, at time.Time, data func([]byte) ([]byte, error)) error {
	return r.house.Store.Write(ctx, func(_ context.Context, tx *store.Tx) error {
		s, err := tx.SessionByHash(hash, r.door)
		if err != nil {
			return err
		}
		if s.Data, err = data(s.Data); err != nil {
			return err
		}
		s.SeenAt = at
		return tx.ChangeSession(s)
	})
}

// Touch notes that a session is in use (web.SessionRows).
func (r sessionRows) Touch(ctx context.Context, hash []byte, at time.Time) error {
	return r.house.Store.Write(ctx, func(_ context.Context, tx *store.Tx) error { return tx.TouchSession(hash, at) })
}

// End forgets a session (web.SessionRows).
func (r sessionRows) End(ctx context.Context, hash []byte) error {
	return r.house.Store.Write(ctx, func(_ context.Context, tx *store.Tx) error { return tx.EndSession(hash) })
}

// Actor gives whom the owner of a session stands for now (web.SessionRows).
func (r sessionRows) Actor(ctx context.Context, owner string) (takedown.Actor, error) {
	if r.door == "portal" {
		return takedown.Actor{Role: takedown.RoleReporter, ID: owner}, nil
	}
	return r.house.Office.Actor(ctx, owner)
}

func (h *House) endStaleSessions(ctx context.Context) error {
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	return h.Store.Write(ctx, func(_ context.Context, tx *store.Tx) error {
		return errors.Join(
			tx.EndStaleSessions("portal", ago(portalIdle), ago(portalAbsolute)),
			tx.EndStaleVisits("portal", ago(portalKept), ago(portalKeptAtMost)),
			tx.EndStaleSessions("console", ago(consoleIdle), ago(consoleAbsolute)),
			tx.EndStaleVisits("console", ago(consoleIdle), ago(consoleAbsolute)),
		)
	})
}
