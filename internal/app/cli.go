package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"reprise/internal/fetch"
	"reprise/internal/hasher"
	"reprise/internal/jobs"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

// Exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is every command. Settings come from the environment or as flags.
type cli struct {
	EnvFile kong.ConfigFlag `name:"env-file" help:"read settings from a file of KEY=value lines"`
	Config  `embed:""`

	Serve       serveCmd       `cmd:"" help:"run the doors and the workers"`
	TrialHouse  trialCmd       `cmd:"" name:"trial" help:"run the trial house: everything on this machine, in one folder"`
	Migrate     migrateCmd     `cmd:"" help:"bring the database's schema up to date"`
	Invite      inviteCmd      `cmd:"" help:"print a one-time link for a new account"`
	Hash        hashCmd        `cmd:"" help:"print the perceptual hashes of image files, a JSON line each"`
	Compare     compareCmd     `cmd:"" help:"tell whether image files show a reference image, a JSON line each"`
	Distance    distanceCmd    `cmd:"" help:"print how many bits two hashes differ by"`
	Address     addressCmd     `cmd:"" help:"judge addresses before any DNS question, a JSON line each"`
	Keys        keysCmd        `cmd:"" help:"the server key"`
	Verify      verifyCmd      `cmd:"" help:"check the database, the audit chain and the keys"`
	Settings    settingsCmd    `cmd:"" name:"config" help:"print every setting with its value and meaning"`
	Healthcheck healthcheckCmd `cmd:"" help:"ask a running Reprise whether it is ready"`
	Version     versionCmd     `cmd:"" help:"print the version"`
	HashChild   hashChildCmd   `cmd:"" name:"hash-child" hidden:"" help:"hash one image from standard input, in limits"`
}

// env is what a command runs in.
type env struct {
	ctx     context.Context
	config  Config
	out     io.Writer
	in      io.Reader
	log     *slog.Logger
	version string
}

// Main runs the program's command line and gives its exit code.
func Main(args []string, version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(args, &env{
		ctx: ctx, out: os.Stdout, in: os.Stdin, version: version,
		log: slog.New(slog.NewJSONHandler(os.Stderr, nil)),
	}, os.Stderr)
}

func run(args []string, e *env, stderr io.Writer) int {
	var c cli
	code := -1
	parser, err := kong.New(&c, kong.Name("reprise"), kong.Description("Takedown of intimate images published without consent."),
		kong.Configuration(envFile), kong.Writers(e.out, stderr), kong.Exit(func(n int) { code = n }))
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "reprise:", err)
		return exitFailed
	}
	chosen, err := parser.Parse(args)
	if code >= 0 { // help was asked for
		return code
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "reprise: %v (reprise --help lists the commands)\n", err)
		return exitUsage
	}
	e.config = c.Config
	if err := chosen.Run(e); err != nil {
		if errors.Is(err, errSaid) {
			return exitFailed
		}
		_, _ = fmt.Fprintln(stderr, "reprise:", err)
		return exitFailed
	}
	return exitDone
}

// errSaid ends a command that has printed what went wrong.
var errSaid = errors.New("failed")

// envFile reads KEY=value lines as settings. A variable of the environment wins.
func envFile(r io.Reader) (kong.Resolver, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		key, value, ok := strings.Cut(strings.TrimSpace(lines.Text()), "=")
		if ok && !strings.HasPrefix(key, "#") {
			values[strings.TrimSpace(key)] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
		for _, name := range f.Envs {
			if _, set := os.LookupEnv(name); set {
				return nil, nil //nolint:nilnil // kong's way to say: not here
			}
			if v, ok := values[name]; ok {
				return v, nil
			}
		}
		return nil, nil //nolint:nilnil // kong's way to say: not here
	}), lines.Err()
}

type serveCmd struct {
	Doors   []string `help:"only these doors, no workers: portal, console" enum:"portal,console"`
	Workers bool     `help:"only the workers, no doors"`
}

// Run serves until a signal.
func (c serveCmd) Run(e *env) error {
	e.config.doors, e.config.workers = c.Doors, c.Workers || len(c.Doors) == 0
	if c.Workers {
		e.config.doors = []string{"none"}
	}
	h, err := Open(e.ctx, e.config, e.log)
	if err != nil {
		return err
	}
	for _, w := range e.config.warnings() {
		e.log.Warn(w)
	}
	return errors.Join(h.Run(e.ctx), h.Close())
}

type trialCmd struct {
	Dir string `default:"data" help:"the folder of the trial house"`
}

// Run serves the trial house until a signal.
func (c trialCmd) Run(e *env) error {
	e.config.Database = strings.Replace(e.config.Database, "data/", c.Dir+"/", 1)
	t, err := OpenTrial(e.ctx, c.Dir, e.config, e.log)
	if err != nil {
		return err
	}
	return errors.Join(t.Run(e.ctx, e.out), t.Close())
}

// openStore opens the database alone, for the commands that serve nobody.
func (e *env) openStore() (*store.Store, error) {
	keys, err := secret.LoadKeys(e.config.KeyFile)
	if err != nil {
		return nil, err
	}
	return store.Open(e.ctx, store.Options{Database: e.config.Database, Keys: keys})
}

type migrateCmd struct{}

// Run migrates and leaves.
func (migrateCmd) Run(e *env) error {
	s, err := e.openStore()
	if err != nil {
		return err
	}
	return errors.Join(jobs.Migrate(e.ctx, s.Database(), s.SQL()), s.Close())
}

type inviteCmd struct {
	Email string        `required:"" help:"whom to invite"`
	Role  takedown.Role `required:"" help:"caseworker, supervisor, administrator or auditor"`
	Name  string        `help:"how the team calls this person"`
}

// Run prints the link.
func (c inviteCmd) Run(e *env) error {
	h, err := Open(e.ctx, e.config, e.log)
	if err != nil {
		return err
	}
	token, err := h.Office.Invite(e.ctx, c.Email, c.Name, c.Role)
	if err != nil {
		return errors.Join(fmt.Errorf("invite: %w", err), h.Close())
	}
	_, _ = fmt.Fprintf(e.out, "%s/invite#%s\n", e.config.ConsoleURL, token)
	return h.Close()
}

type hashCmd struct {
	Files []string `arg:"" help:"image files"`
}

// Run prints one line a file; a file that cannot be hashed has its reason there.
func (c hashCmd) Run(e *env) error {
	limited, err := hasher.NewHasher(e.ctx, 1)
	if err != nil {
		return err
	}
	failed := false
	for _, f := range c.Files {
		hashed, err := limited.WriteFileHash(e.ctx, e.out, f)
		if err != nil {
			return err
		}
		failed = failed || !hashed
	}
	if failed {
		return errSaid
	}
	return nil
}

type distanceCmd struct {
	A string `arg:"" help:"a hash in hex"`
	B string `arg:"" help:"another of the same length"`
}

// Run prints the bits.
func (c distanceCmd) Run(e *env) error {
	bits, err := phash.Distance(c.A, c.B)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(e.out, bits)
	return nil
}

type addressCmd struct {
	URLs []string `arg:"" optional:"" help:"addresses; without any, one a line of standard input"`
}

// Run prints one line an address.
func (c addressCmd) Run(e *env) error {
	if len(c.URLs) > 0 {
		for _, u := range c.URLs {
			_, _ = fmt.Fprintf(e.out, "%s\n", fetch.JudgeLine(u))
		}
		return nil
	}
	lines := bufio.NewScanner(e.in)
	lines.Buffer(nil, takedown.MaxPaste)
	for lines.Scan() {
		_, _ = fmt.Fprintf(e.out, "%s\n", fetch.JudgeLine(lines.Text()))
	}
	return lines.Err()
}

type keysCmd struct {
	Init   keysInitCmd   `cmd:"" help:"make a new server key"`
	Rotate keysRotateCmd `cmd:"" help:"add a new version; the old ones still open"`
	Verify keysVerifyCmd `cmd:"" help:"read the key file and check it"`
}

type keysInitCmd struct{}

// Run makes the key file and never writes over one.
func (keysInitCmd) Run(e *env) error { return secret.CreateKeys(e.config.KeyFile) }

type keysRotateCmd struct{}

// Run adds a version to the key file.
func (keysRotateCmd) Run(e *env) error { return secret.Rotate(e.config.KeyFile) }

type keysVerifyCmd struct{}

// Run reads the key file.
func (keysVerifyCmd) Run(e *env) error {
	keys, err := secret.LoadKeys(e.config.KeyFile)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(e.out, "the key file is sound; new values are sealed with version %d\n", keys.Newest())
	return nil
}

type verifyCmd struct{}

// Run checks the database, the chain of events and that sealed values open.
func (verifyCmd) Run(e *env) error {
	s, err := e.openStore()
	if err != nil {
		return err
	}
	events, err := s.Verify(e.ctx)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	_, _ = fmt.Fprintf(e.out, "the database is sound, the chain of %d events is unbroken, and the keys open it\n", events)
	return s.Close()
}

type settingsCmd struct{}

// Run prints the settings, secrets masked, and which decoders of pictures are installed.
func (settingsCmd) Run(e *env) error {
	for _, s := range e.config.settings() {
		_, _ = fmt.Fprintf(e.out, "%-28s %-40s (%s) %s\n", s.name, s.value, s.source, s.help)
	}
	_, _ = fmt.Fprintln(e.out, "decoders:", picture.Installed())
	for _, w := range e.config.warnings() {
		_, _ = fmt.Fprintln(e.out, "warning:", w)
	}
	if _, err := hasher.NewVideos(e.ctx, 1); err != nil {
		_, _ = fmt.Fprintln(e.out, "warning:", err)
	}
	return e.config.check()
}

type healthcheckCmd struct{}

// Run asks the listener of the one who operates the service.
func (healthcheckCmd) Run(e *env) error {
	ctx, cancel := context.WithTimeout(e.ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.config.OpsAddr+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("no Reprise answers at %s", e.config.OpsAddr)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if err != nil {
		return err
	}
	_, _ = fmt.Fprint(e.out, string(body))
	if res.StatusCode != http.StatusOK {
		return errSaid
	}
	return nil
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, _ = fmt.Fprintln(e.out, e.version)
	return nil
}

type hashChildCmd struct{}

// Run is never reached: main hands the child over before the command line is
// read, so that nothing else is set up in it.
func (hashChildCmd) Run(*env) error { return errSaid }
