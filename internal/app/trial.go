package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"reprise/internal/mailbox"
	"reprise/internal/sandbox"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// Trial is the trial house: a whole Reprise with a small made-up internet, all
// of it on this machine and in one folder.
type Trial struct {
	House   *House
	Sandbox *sandbox.Sandbox
	Staff   []Login

	mu sync.Mutex // the sandbox may ask for the logins before they are there
}

// Login is an account of the trial house. Its password and second factor stand
// in the trial's folder; nothing like it exists outside trial mode.
type Login struct {
	Role     takedown.Role
	Email    string
	Password string
	TOTP     string
}

// Code gives the code of the login's second factor now.
func (l Login) Code(now time.Time) string {
	code, err := secret.TOTPCode(l.TOTP, now)
	if err != nil {
		return ""
	}
	return code
}

const trialDomain = "reprise-essai.org"

// OpenTrial makes the trial house in a folder, or takes it up again. ports
// change where it listens; the zero value is the documented addresses.
func OpenTrial(ctx context.Context, dir string, c Config, log *slog.Logger) (*Trial, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the trial: %w", err)
	}
	if c.KeyFile == "" || c.KeyFile == "data/key" {
		c.KeyFile = filepath.Join(dir, "key")
	}
	if err := secret.CreateKeys(c.KeyFile); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("make the trial's key: %w", err)
	}
	c.Trial, c.TrialClock, c.workers = true, filepath.Join(dir, "clock"), true
	t := &Trial{}
	box, err := sandbox.New(sandbox.Options{
		UIAddr: c.SandboxAddr, Dir: dir, Domain: trialDomain, Clock: c.TrialClock,
		Portal: c.PortalURL, Console: c.ConsoleURL, SignIns: t.signIns,
	})
	if err != nil {
		return nil, fmt.Errorf("start the sandbox: %w", err)
	}
	t.Sandbox = box
	if err := t.open(ctx, dir, c, log); err != nil {
		return nil, errors.Join(err, box.Close())
	}
	return t, nil
}

func (t *Trial) open(ctx context.Context, dir string, c Config, log *slog.Logger) (err error) {
	c.SMTP, c.Inbox = t.Sandbox.SMTP(), t.Sandbox.IMAP()+"?copies="+mailbox.Copies
	c.TrialHosts = names(t.Sandbox.Exceptions())
	c.NoticeFrom, c.UpdateFrom = "notices@"+trialDomain, "information@"+trialDomain
	if c.Organisation.Name == "" {
		c.Organisation = OrgConfig{
			Name: "Association d’essai Reprise", Address: "1 rue de l’Essai, 75000 Paris, France",
			Email: "contact@" + trialDomain, Country: "FR",
		}
	}
	if t.House, err = Open(ctx, c, log); err != nil {
		return err
	}
	if err := t.House.Office.AddTrialRecipients(ctx, t.recipients()); err != nil {
		return errors.Join(err, t.House.Close())
	}
	staff, err := t.House.staff(ctx, filepath.Join(dir, "logins"))
	if err != nil {
		return errors.Join(err, t.House.Close())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Staff = staff
	return nil
}

func names(at map[string]netip.AddrPort) string {
	var pairs []string
	for name, addr := range at {
		pairs = append(pairs, name+"="+addr.String())
	}
	return strings.Join(pairs, ",")
}

// recipients are the sandbox's hosts as entries of the directory.
func (t *Trial) recipients() []takedown.Recipient {
	var out []takedown.Recipient
	for _, r := range t.Sandbox.Recipients() {
		out = append(out, takedown.Recipient{
			ID: r.ID, Name: r.Name, Kind: takedown.RecipientKind(r.Kind), Channel: takedown.Channel(r.Channel),
			Email: r.Email, FormURL: r.FormURL, Domains: r.Domains, Countries: r.Countries, Lang: takedown.LangOf(r.Lang),
			Behind: r.Behind, Parallel: r.Parallel, Source: "sandbox", Confidence: "seen",
		})
	}
	return out
}

func (t *Trial) signIns() []sandbox.SignIn {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []sandbox.SignIn
	for _, l := range t.Staff {
		out = append(out, sandbox.SignIn{Role: string(l.Role), Email: l.Email, Password: l.Password, Code: l.Code(time.Now())})
	}
	return out
}

// Announce prints what a person needs to begin.
func (t *Trial) Announce(w io.Writer) {
	_, _ = fmt.Fprintf(w, "\nThe trial house is open.\n\n  portal   http://%s   for the person\n  console  http://%s   for the team\n  sandbox  %s   the made-up internet, mailbox and clock: begin here\n\n",
		t.House.Addr("portal"), t.House.Addr("console"), t.Sandbox.URL())
	for _, l := range t.Staff {
		_, _ = fmt.Fprintf(w, "  %-11s %s   password %s   code now %s   (secret %s)\n", l.Role, l.Email, l.Password, l.Code(time.Now()), l.TOTP)
	}
	_, _ = fmt.Fprintf(w, "\nCodes change every 30 seconds; the sandbox's first page always shows the current ones.\nStop with Ctrl-C. Everything lives in the trial's folder; make clean-trial removes it.\n\n")
}

// Run serves the trial house until ctx ends.
func (t *Trial) Run(ctx context.Context, w io.Writer) error {
	if err := t.House.Listen(ctx); err != nil {
		return err
	}
	t.Announce(w)
	return t.House.Serve(ctx)
}

// Close ends the trial house and its sandbox.
func (t *Trial) Close() error { return errors.Join(t.House.Close(), t.Sandbox.Close()) }
