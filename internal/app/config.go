package app

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"reprise/internal/mail"
	"reprise/internal/takedown"
)

// Config is every setting, read from the environment and the flags. The help
// texts are what `reprise config` prints.
type Config struct {
	Database string `name:"database" env:"REPRISE_DATABASE" default:"data/reprise.db" help:"a file (SQLite) or postgres://..." secret:"dsn"`
	KeyFile  string `name:"key-file" env:"REPRISE_KEY_FILE" default:"data/key" help:"the server key; in production not in the folder of the database"`

	PortalAddr  string `name:"portal-addr" env:"REPRISE_PORTAL_ADDR" default:"127.0.0.1:8080" help:"where the portal listens"`
	PortalURL   string `name:"portal-url" env:"REPRISE_PORTAL_URL" default:"http://127.0.0.1:8080" help:"the portal's public address"`
	ConsoleAddr string `name:"console-addr" env:"REPRISE_CONSOLE_ADDR" default:"127.0.0.1:8081" help:"where the console listens"`
	ConsoleURL  string `name:"console-url" env:"REPRISE_CONSOLE_URL" default:"http://127.0.0.1:8081" help:"the console's public address"`
	SandboxAddr string `name:"sandbox-addr" env:"REPRISE_SANDBOX_ADDR" default:"127.0.0.1:8082" help:"trial only: where the made-up internet listens"`
	OpsAddr     string `name:"ops-addr" env:"REPRISE_OPS_ADDR" default:"127.0.0.1:9090" help:"health and metrics; never public"`

	Proxies []netip.Prefix `name:"proxies" env:"REPRISE_PROXIES" help:"networks of your own reverse proxies (10.0.0.0/8,...): their X-Forwarded-For is believed, so that rate limits see visitors apart"`

	SMTP       string `name:"smtp" env:"REPRISE_SMTP" default:"smtp://127.0.0.1:25" help:"smtp(s)://user:password@host:port; TLS is required unless the host is loopback" secret:"url"`
	NoticeFrom string `name:"notice-from" env:"REPRISE_NOTICE_FROM" help:"the sender of notices; answers come back to its domain"`
	UpdateFrom string `name:"update-from" env:"REPRISE_UPDATE_FROM" help:"the sender of the mails that say nothing: a neutral address"`
	Inbox      string `name:"inbox" env:"REPRISE_INBOX" help:"imaps://user:password@host/folder?copies=FOLDER: answers are read there, copies of notices are found there" secret:"url"`

	Organisation OrgConfig `embed:"" prefix:"org-"`

	Zone string `name:"zone" env:"REPRISE_ZONE" default:"Europe/Paris" help:"the time zone of the hours in which a person wants mails"`

	ExitURL string `name:"exit-url" env:"REPRISE_EXIT_URL" default:"https://www.meteofrance.com/" help:"where quick exit goes: a page that says nothing"`

	Trial      bool   `name:"trial" env:"REPRISE_TRIAL" help:"trial mode: refuses any address that is not loopback"`
	TrialHosts string `name:"trial-hosts" env:"REPRISE_TRIAL_HOSTS" help:"trial only: name=ip:port,...: the only names that may lead to loopback" `
	TrialClock string `name:"trial-clock" env:"REPRISE_TRIAL_CLOCK" help:"trial only: a file with an offset in seconds added to the clock"`

	doors   []string // the doors to open; none named: all
	workers bool     // whether this process works as well
}

// OrgConfig is what notices say of the association.
type OrgConfig struct {
	Name          string `env:"REPRISE_ORG_NAME" help:"the association's name"`
	Address       string `env:"REPRISE_ORG_ADDRESS" help:"its postal address"`
	Email         string `env:"REPRISE_ORG_EMAIL" help:"its e-mail, as notices name it"`
	Country       string `env:"REPRISE_ORG_COUNTRY" default:"FR" help:"its country (ISO 3166)"`
	FlaggerNumber string `env:"REPRISE_ORG_FLAGGER_NUMBER" help:"its number as a trusted flagger (DSA art. 22), if it is one"`
}

func (o OrgConfig) value() takedown.Organisation {
	return takedown.Organisation(o)
}

// check refuses settings the program cannot keep its promises with. Each error
// says what to set.
func (c Config) check() error {
	for name, addr := range map[string]string{"REPRISE_NOTICE_FROM": c.NoticeFrom, "REPRISE_UPDATE_FROM": c.UpdateFrom} {
		if _, err := mail.Address(addr); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := c.checkQuiet(); err != nil {
		return err
	}
	if !c.Trial && (c.TrialHosts != "" || c.TrialClock != "") {
		return fmt.Errorf("REPRISE_TRIAL_HOSTS and REPRISE_TRIAL_CLOCK are for trial mode alone: unset them, or set REPRISE_TRIAL=true")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return fmt.Errorf("REPRISE_ZONE: %q is no time zone: write it like Europe/Paris", c.Zone)
	}
	if c.Trial {
		return c.checkTrial()
	}
	return nil
}

// checkQuiet refuses a neutral sender whose address cannot take a token, or takes it
// where answers to notices go: a person's answer would stand among them.
func (c Config) checkQuiet() error {
	if strings.EqualFold(mail.Local(c.UpdateFrom), mail.NoticeLocal) {
		return fmt.Errorf("REPRISE_UPDATE_FROM: answers to notices come to %s+...: choose another name", mail.NoticeLocal)
	}
	if _, err := mail.Address(mail.QuietAddress(mail.NewToken(), c.UpdateFrom)); err != nil {
		return fmt.Errorf("REPRISE_UPDATE_FROM: too long a name before the @: answers come to NAME+TOKEN, 64 characters at most")
	}
	return nil
}

// checkTrial keeps a trial on this machine: no listener, mail server or mailbox
// may be anywhere else.
func (c Config) checkTrial() error {
	for _, addr := range []string{c.PortalAddr, c.ConsoleAddr, c.SandboxAddr, c.OpsAddr} {
		if !loopback(addr) {
			return fmt.Errorf("trial mode listens on 127.0.0.1 only, not on %q", addr)
		}
	}
	for name, raw := range map[string]string{
		"REPRISE_SMTP": c.SMTP, "REPRISE_INBOX": c.Inbox, "REPRISE_PORTAL_URL": c.PortalURL, "REPRISE_CONSOLE_URL": c.ConsoleURL,
	} {
		u, err := url.Parse(raw)
		if raw != "" && (err != nil || !loopback(u.Host)) {
			return fmt.Errorf("%s: trial mode speaks to 127.0.0.1 only", name)
		}
	}
	_, err := c.exceptions()
	return err
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// exceptions reads the names that may lead to loopback.
func (c Config) exceptions() (map[string]netip.AddrPort, error) {
	out := map[string]netip.AddrPort{}
	for _, pair := range strings.FieldsFunc(c.TrialHosts, func(r rune) bool { return r == ',' }) {
		name, at, ok := strings.Cut(pair, "=")
		addr, err := netip.ParseAddrPort(at)
		if !ok || err != nil || !addr.Addr().IsLoopback() {
			return nil, fmt.Errorf("REPRISE_TRIAL_HOSTS: %q is not name=127.0.0.1:port", pair)
		}
		out[name] = addr
	}
	return out, nil
}

// warnings says what the settings allow but production should not have.
func (c Config) warnings() []string {
	var out []string
	if !strings.Contains(c.Database, "://") && filepath.Dir(c.KeyFile) == filepath.Dir(c.Database) && !c.Trial {
		out = append(out, "the server key lies beside the database: who takes the folder reads both; set REPRISE_KEY_FILE elsewhere")
	}
	if c.Inbox == "" {
		out = append(out, "no mailbox is read (REPRISE_INBOX): answers and unclear sendings wait for people")
	}
	if strings.HasPrefix(c.PortalURL, "https://") && len(c.Proxies) == 0 {
		out = append(out, "no proxy is named (REPRISE_PROXIES): behind one, all visitors share one rate limit")
	}
	if strings.HasPrefix(c.PortalURL, "http://") && !c.Trial {
		out = append(out, "the portal's public address is not https: cookies and pages can be read on the way")
	}
	return out
}

// retryUnit is the first step of a job's backoff: a trial does not let one wait.
func (c Config) retryUnit() time.Duration {
	if c.Trial {
		return time.Second
	}
	return time.Minute
}

// patience is how long one job may take, rescueAfter how long one may be running
// before its process is taken for dead.
func (c Config) patience() time.Duration {
	if c.Trial {
		return 20 * time.Second
	}
	return 2 * time.Minute
}

func (c Config) rescueAfter() time.Duration {
	if c.Trial {
		return 5 * time.Second
	}
	return time.Minute
}

// widen multiplies the rate limits in a trial, where everybody comes from one
// address.
func (c Config) widen() int {
	if c.Trial {
		return 1000
	}
	return 1
}

// turn is how often the schedule looks at its table.
func (c Config) turn() time.Duration {
	if c.Trial {
		return time.Second
	}
	return 5 * time.Second
}

// ownAddresses lists the public addresses of this machine, which it never looks at.
func ownAddresses() []netip.Addr {
	var out []netip.Addr
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			out = append(out, p.Addr())
		}
	}
	return out
}
