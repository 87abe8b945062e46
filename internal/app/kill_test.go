package app

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"reprise/internal/hasher"
	"reprise/internal/mailbox"
	"reprise/internal/pgtest"
	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// TestMain lets the test's own binary be the program it kills.
func TestMain(m *testing.M) {
	hasher.RunChild()
	if os.Getenv("REPRISE_AS_PROGRAM") != "" {
		os.Exit(Main(os.Args[1:], "test"))
	}
	os.Exit(m.Run())
}

const killDomain = "association-entraide.org"

// killed is a house whose workers are a process of their own, to be killed.
type killed struct {
	t      *testing.T
	config Config
	post   *mailbox.Server
	mu     sync.Mutex
	child  *exec.Cmd
	killAt mailbox.Step
	kills  int
}

// TestKilledWhileSendingLosesNothingAndSendsNothingTwice is SAFETY 6.3: SIGKILL
// at every step of SMTP, restart, and count the mails by Message-ID.
func TestKilledWhileSendingLosesNothingAndSendsNothingTwice(t *testing.T) {
	steps := []mailbox.Step{
		mailbox.StepGreet, mailbox.StepHello, mailbox.StepMail, mailbox.StepRcpt, mailbox.StepData, mailbox.StepDot,
	}
	for name, database := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(t.TempDir(), "reprise.db") },
		"postgres": func() string { return pgtest.Start(t) },
	} {
		t.Run(name, func(t *testing.T) {
			k := newKilled(t, database())
			notices := k.prepare(len(steps) * 2)
			for _, step := range append(steps, steps...) {
				k.runUntilKilled(step)
			}
			k.setClock(takedown.NoticeRestsFor + time.Minute) // with PostgreSQL another process could still be at it
			k.runUntil(notices, func(states map[takedown.NoticeState]int) bool {
				return states[takedown.NoticeSending]+states[takedown.NoticeApproved] == 0
			})
			k.check(notices)
		})
	}
}

func newKilled(t *testing.T, database string) *killed {
	k := &killed{t: t}
	post, err := mailbox.Start(mailbox.Options{
		User: "house", Password: "secret", Copies: func(a string) bool { return a == "notices@"+killDomain },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = post.Close() })
	k.post = post
	post.Behave(k.behave)
	keyFile := filepath.Join(t.TempDir(), "key")
	if err := secret.CreateKeys(keyFile); err != nil {
		t.Fatal(err)
	}
	k.config = Config{
		Database: database, KeyFile: keyFile, Trial: true, OpsAddr: "127.0.0.1:0", PortalAddr: "127.0.0.1:0", ConsoleAddr: "127.0.0.1:0",
		SandboxAddr: "127.0.0.1:0", TrialClock: filepath.Join(t.TempDir(), "clock"), SMTP: "smtp://" + post.SMTPAddr(), Inbox: "imap://house:secret@" + post.IMAPAddr() + "/INBOX?copies=Copies",
		NoticeFrom: "notices@" + killDomain, UpdateFrom: "information@" + killDomain,
		Organisation: OrgConfig{Name: "Entraide", Address: "1 rue de la Paix, Paris", Email: "contact@" + killDomain, Country: "FR"},
	}
	return k
}

// behave kills the child at the wanted step, before the step is answered. At
// the final dot the mail is accepted and the answer lost: the worst moment.
func (k *killed) behave(step mailbox.Step, from, _ string) mailbox.Action {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.child == nil || step != k.killAt {
		return mailbox.OK
	}
	_ = k.child.Process.Signal(syscall.SIGKILL)
	k.child, k.kills = nil, k.kills+1
	if step == mailbox.StepDot {
		return mailbox.LoseReply
	}
	return mailbox.Drop
}

// prepare approves n notices, each in a case of its own, with no worker running.
func (k *killed) prepare(n int) []string {
	k.t.Helper()
	h, err := Open(context.Background(), k.config, slog.New(slog.DiscardHandler))
	if err != nil {
		k.t.Fatal(err)
	}
	defer h.Close()
	ctx, staff := context.Background(), takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
	host := takedown.Recipient{
		ID: "t-host", Name: "Host", Kind: takedown.KindPlatform, Channel: takedown.ByMail, Email: "abuse@photomur.net", Domains: []string{"photomur.net"},
		Countries: []string{"FR"}, Lang: takedown.French,
	}
	k.must(h.Office.AddTrialRecipients(ctx, []takedown.Recipient{host}))
	var ids []string
	for i := range n {
		receipt, err := h.Office.OpenCase(ctx, takedown.Actor{}, takedown.NewCase{
			Key: fmt.Sprint(i), Phrase: h.Office.NewPhrase(takedown.French), Age: takedown.AgeAdult, Harm: takedown.HarmPublished, Lang: takedown.French,
			Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: fmt.Sprintf("http://photomur.net/%d", i),
		})
		k.must(err)
		view, err := h.Office.CaseView(ctx, staff, receipt.CaseID)
		k.must(err)
		item := []string{view.Items[0].Item.ID}
		k.must(h.Office.ConfirmItems(ctx, staff, item))
		_, err = h.Office.Plan(ctx, staff, receipt.CaseID, item)
		k.must(err)
		view, err = h.Office.CaseView(ctx, staff, receipt.CaseID)
		k.must(err)
		for _, notice := range view.Notices {
			if notice.Channel == takedown.ByMail {
				k.must(h.Office.Approve(ctx, staff, notice.ID))
				ids = append(ids, notice.MessageID)
			}
		}
	}
	return ids
}

func (k *killed) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

// setClock sets the offset of the clock that the workers read.
func (k *killed) setClock(by time.Duration) {
	k.t.Helper()
	k.must(os.WriteFile(k.config.TrialClock, []byte(fmt.Sprint(int(by.Seconds()))), 0o600))
}

// start starts the workers as a process.
func (k *killed) start(killAt mailbox.Step) (*exec.Cmd, *said) {
	k.t.Helper()
	log := &said{}
	cmd := exec.CommandContext(k.t.Context(), os.Args[0], "serve", "--workers")
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	c := k.config
	cmd.Env = append(os.Environ(), "REPRISE_AS_PROGRAM=1", "REPRISE_TRIAL=true", "REPRISE_DATABASE="+c.Database, "REPRISE_KEY_FILE="+c.KeyFile,
		"REPRISE_TRIAL_CLOCK="+c.TrialClock, "REPRISE_OPS_ADDR="+freePort(k.t), "REPRISE_SMTP="+c.SMTP, "REPRISE_INBOX="+c.Inbox, "REPRISE_NOTICE_FROM="+c.NoticeFrom,
		"REPRISE_UPDATE_FROM="+c.UpdateFrom, "REPRISE_ORG_NAME="+c.Organisation.Name, "REPRISE_ORG_EMAIL="+c.Organisation.Email, "REPRISE_ORG_ADDRESS="+c.Organisation.Address)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.must(cmd.Start())
	k.killAt = killAt
	if killAt != "" {
		k.child = cmd
	}
	return cmd, log
}

// said is what a process said so far, readable while it speaks.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// runUntilKilled starts the workers and waits until the step has killed them.
func (k *killed) runUntilKilled(step mailbox.Step) {
	k.t.Helper()
	cmd, log := k.start(step)
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
		if !strings.Contains(cmd.ProcessState.String(), "killed") {
			k.t.Fatalf("the workers ended by themselves (%s): %s", cmd.ProcessState, log)
		}
	case <-time.After(2 * time.Minute): // a machine at its limit starts slowly
		_ = cmd.Process.Kill()
		k.t.Fatalf("no mail reached the step %s within two minutes: %s", step, log)
	}
}

// runUntil lets the workers run undisturbed until the notices' states are as wanted.
func (k *killed) runUntil(notices []string, ok func(map[takedown.NoticeState]int) bool) {
	k.t.Helper()
	cmd, log := k.start("")
	deadline := time.Now().Add(3 * time.Minute) // PostgreSQL gives a dead process's jobs back after a while
	for sent := 0; sent < len(notices); sent = len(k.accepted()) {
		if time.Now().After(deadline) {
			k.t.Fatalf("only %d of %d notices arrived within 3 minutes: %s", sent, len(notices), log)
		}
		<-time.After(50 * time.Millisecond)
	}
	deadline = time.Now().Add(30 * time.Second)
	for k.post.IMAPAddr() != "" && time.Now().Before(deadline) && !k.quiet() {
		<-time.After(100 * time.Millisecond)
	}
	k.must(cmd.Process.Signal(syscall.SIGTERM))
	_ = cmd.Wait()
	if states := k.states(notices); !ok(states) {
		k.t.Fatalf("the notices stand at %v: %s", states, log)
	}
}

// quiet tells whether no further mail has come for a while.
func (k *killed) quiet() bool {
	before := len(k.post.Mails())
	<-time.After(4 * time.Second)
	return len(k.post.Mails()) == before
}

func (k *killed) accepted() map[string]int {
	out := map[string]int{}
	for _, m := range k.post.Mails() {
		out[m.MessageID]++
	}
	return out
}

func (k *killed) states(notices []string) map[takedown.NoticeState]int {
	k.t.Helper()
	h, err := Open(context.Background(), k.config, slog.New(slog.DiscardHandler))
	k.must(err)
	defer h.Close()
	out := map[takedown.NoticeState]int{}
	staff := takedown.Actor{Role: takedown.RoleCaseworker, ID: "camille"}
	rows, err := h.Office.Cases(context.Background(), staff)
	k.must(err)
	for _, row := range rows {
		view, err := h.Office.CaseView(context.Background(), staff, row.Case.ID)
		k.must(err)
		for _, n := range view.Notices {
			if n.Channel == takedown.ByMail {
				out[n.State]++
			}
		}
	}
	return out
}

// check counts: no mail twice, none without its notice, none lost: what did
// not arrive waits for a person.
func (k *killed) check(notices []string) {
	k.t.Helper()
	accepted := k.accepted()
	for id, n := range accepted {
		if n != 1 {
			k.t.Errorf("a notice arrived %d times", n)
		}
		if !contains(notices, id) {
			k.t.Errorf("a mail without a notice arrived")
		}
	}
	states := k.states(notices)
	if states[takedown.NoticeSent] != len(accepted) {
		k.t.Errorf("%d notices are said to be sent, %d arrived", states[takedown.NoticeSent], len(accepted))
	}
	if states[takedown.NoticeSent] != len(notices) {
		k.t.Errorf("of %d notices the states are %v: some were lost, or wait for a person without need", len(notices), states)
	}
	k.t.Logf("%d notices, %d kills: %d sent once, 0 lost, 0 twice", len(notices), k.kills, states[takedown.NoticeSent])
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}
