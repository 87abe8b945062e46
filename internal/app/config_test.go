package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// command runs a command line and gives its code and what it said.
func command(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	e := &env{ctx: t.Context(), out: &stdout, in: strings.NewReader(in), log: slog.New(slog.DiscardHandler), version: "1.2.3"}
	code = run(args, e, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestCommandsEndAsTheContractSays(t *testing.T) {
	t.Setenv("REPRISE_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	for _, c := range []struct {
		args []string
		in   string
		code int
		says string
	}{
		{[]string{"version"}, "", 0, "1.2.3\n"},
		{[]string{"distance", "ff00ff00ff00ff00", "ff00ff00ff00ff01"}, "", 0, "1\n"},
		{[]string{"distance", "ff", "zz"}, "", 1, ""},
		{[]string{"distance", "ff"}, "", 2, ""},
		{[]string{"nothing"}, "", 2, ""},
		{[]string{"address", "https://WWW.example.com:443/a/../b"}, "", 0, `"canonical":"https://www.example.com/b"`},
		{[]string{"address"}, "http://127.0.0.1/\nhttps://www.example.com/\n", 0, `"fetch":"reject"`},
		{[]string{"keys", "verify"}, "", 1, ""},
		{[]string{"keys", "init"}, "", 0, ""},
		{[]string{"keys", "init"}, "", 1, ""},
		{[]string{"keys", "rotate"}, "", 0, ""},
		{[]string{"keys", "verify"}, "", 0, "version 2"},
		{[]string{"healthcheck", "--ops-addr", "127.0.0.1:1"}, "", 1, ""},
		{[]string{"serve"}, "", 1, ""}, // no sender is set
	} {
		code, out, errs := command(t, c.in, c.args...)
		if code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%v: code %d, said %q %q", c.args, code, out, errs)
		}
		if code != 0 && errs == "" {
			t.Errorf("%v failed without a word", c.args)
		}
	}
}

func TestHashPrintsALineForEachFile(t *testing.T) {
	code, out, _ := command(t, "", "hash", "../edits/testdata/photos/kodak-1.jpg", "config_test.go")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 1 || len(lines) != 2 || !strings.Contains(lines[0], `"pdq":"0c301eb1b1646a68`) || !strings.Contains(lines[1], "not-an-image") {
		t.Errorf("code %d, %q", code, out)
	}
}

func TestSettingsComeFromAFileUnlessTheEnvironmentSaysOtherwise(t *testing.T) {
	file := filepath.Join(t.TempDir(), "env")
	write(t, file, "# a comment\nREPRISE_ORG_NAME=\"From the file\"\nREPRISE_ORG_EMAIL=file@example.org\nREPRISE_SMTP=smtps://user:secret@mail.example.org\n")
	t.Setenv("REPRISE_ORG_EMAIL", "environment@example.org")
	t.Setenv("REPRISE_NOTICE_FROM", "notices@example.org")
	t.Setenv("REPRISE_UPDATE_FROM", "information@example.org")
	code, out, errs := command(t, "", "--env-file", file, "config")
	if code != 0 {
		t.Fatalf("code %d: %s", code, errs)
	}
	for _, want := range []string{"From the file", "environment@example.org", "REPRISE_PROXIES"} {
		if !strings.Contains(out, want) {
			t.Errorf("the settings do not say %q", want)
		}
	}
	if strings.Contains(out, "secret@") || strings.Contains(out, "file@example.org") {
		t.Error("a password, or a setting that was overruled, is printed")
	}
}

func TestTrialRefusesWhatIsNotOnThisMachine(t *testing.T) {
	good := Config{
		Trial: true, NoticeFrom: "notices@example.org", UpdateFrom: "information@example.org", SMTP: "smtp://127.0.0.1:25",
		PortalAddr: "127.0.0.1:1", ConsoleAddr: "127.0.0.1:2", SandboxAddr: "127.0.0.1:3", OpsAddr: "127.0.0.1:4",
		PortalURL: "http://127.0.0.1:1", ConsoleURL: "http://127.0.0.1:2",
	}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"a mail server elsewhere":  func(c *Config) { c.SMTP = "smtps://mail.example.org" },
		"a mailbox elsewhere":      func(c *Config) { c.Inbox = "imaps://u:p@mail.example.org/INBOX" },
		"a listener for all":       func(c *Config) { c.PortalAddr = "0.0.0.0:8080" },
		"a public address":         func(c *Config) { c.PortalURL = "https://example.org" },
		"a name that leads away":   func(c *Config) { c.TrialHosts = "host.net=192.0.2.1:80" },
		"made-up hosts for real":   func(c *Config) { c.Trial, c.TrialHosts = false, "host.net=127.0.0.1:80" },
		"a sender that is no mail": func(c *Config) { c.NoticeFrom = "nobody" },
		"a sender among answers":   func(c *Config) { c.UpdateFrom = "R@example.org" },
		"a sender with no room":    func(c *Config) { c.UpdateFrom = strings.Repeat("a", 38) + "@example.org" },
	} {
		c := good
		change(&c)
		if err := c.check(); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
