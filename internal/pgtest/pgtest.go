// Package pgtest gives tests a real PostgreSQL: one throw-away cluster for each
// test process, one fresh empty database for each call of Start.
//
// The cluster lives in a temporary folder, listens on a unix socket in it and on
// nothing else. A small shell holds it and reads a pipe from the test process:
// when that process ends, however it ends (a panic, a time limit, SIGKILL), the
// pipe closes, and the shell stops the server and removes the folder. So no
// TestMain is needed and several test processes can run side by side.
package pgtest

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed cluster.sh
var clusterScript string

// sharedCluster starts the cluster of this process at the first call and gives
// the folder of its socket at every call.
var sharedCluster = sync.OnceValues(startCluster)

const notInstalled = "PostgreSQL 15 or later is not installed: install Debian's package \"postgresql\" (its initdb and pg_ctl are looked for in /usr/lib/postgresql/*/bin and in PATH)"

// Start returns the DSN (URL form, for pgx and pgx/stdlib) of a new empty
// database, which is dropped when tb ends, connections left open included. It
// ends the test with a sentence saying what to install if PostgreSQL is missing.
func Start(tb testing.TB) string {
	tb.Helper()
	socket, err := sharedCluster()
	if err != nil {
		tb.Fatal(err)
	}
	name := "t" + strings.ToLower(rand.Text())
	if err := admin(socket, "CREATE DATABASE "+name); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := admin(socket, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	return dsn(socket, name)
}

func dsn(socket, database string) string {
	return "postgres://postgres@/" + database + "?host=" + socket
}

// admin runs one statement in the cluster's own database.
func admin(socket, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn(socket, "postgres"))
	if err != nil {
		return fmt.Errorf("pgtest: connect: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("pgtest: %s: %w", statement, err)
	}
	return nil
}

func startCluster() (socket string, err error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	// Not under TMPDIR: a unix socket's path may have 107 bytes at most.
	dir, err := os.MkdirTemp("/tmp", "reprise-pg-")
	if err != nil {
		return "", fmt.Errorf("pgtest: make a folder: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", clusterScript, "pgtest", bin, dir)
	if cmd.SysProcAttr, err = processOwner(dir); err != nil {
		return "", err
	}
	return dir, run(cmd, dir)
}

// run starts the shell and waits for its word that the server answers. The
// shell's pipe stays open for as long as this process lives.
func run(cmd *exec.Cmd, dir string) error {
	if _, err := cmd.StdinPipe(); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("pgtest: start the cluster: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil && line == "ready\n" {
		return nil
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return fmt.Errorf("pgtest: the cluster did not start (log in %s):\n%s", dir, log)
}

// processOwner puts the cluster in a process group of its own, so that Ctrl-C
// in a terminal does not stop it before the tests, and under the account
// "postgres" when we are root, as PostgreSQL refuses to run as root.
func processOwner(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New(notInstalled)
	}
	uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr, os.Chown(dir, int(uid), int(gid))); err != nil {
		return nil, fmt.Errorf("pgtest: account postgres: %w", err)
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, nil
}

// binaries finds the folder of initdb and pg_ctl; the newest version wins.
func binaries() (string, error) {
	newest, folder := 0, ""
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	for _, path := range found {
		bin := filepath.Dir(path)
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
		if err == nil && version >= 15 && version > newest {
			newest, folder = version, bin
		}
	}
	if folder != "" {
		return folder, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", errors.New(notInstalled)
}
