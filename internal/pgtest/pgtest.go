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
	"io"
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

// cluster is a running server.
type cluster struct {
	socket string    // folder of its unix socket
	hold   io.Closer // the server stops when this is closed or, unreferenced, collected
}

// sharedCluster starts the cluster of this process at the first call, gives it at
// every call, and so keeps hold referenced.
var sharedCluster = sync.OnceValues(startCluster)

const notInstalled = "PostgreSQL 15 or later is not installed: install Debian's package \"postgresql\" (its initdb and pg_ctl are looked for in /usr/lib/postgresql/*/bin and in PATH)"

// Start returns the DSN (URL form, for pgx and pgx/stdlib) of a new empty
// database, which is dropped when tb ends, connections left open included. It
// ends the test with a sentence saying what to install if PostgreSQL is missing.
func Start(tb testing.TB) string {
	tb.Helper()
	server, err := sharedCluster()
	if err != nil {
		tb.Fatal(err)
	}
	socket := server.socket
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

func startCluster() (cluster, error) {
	bin, err := binaries()
	if err != nil {
		return cluster{}, err
	}
	// Not under TMPDIR: a unix socket's path may have 107 bytes at most.
	dir, err := os.MkdirTemp("/tmp", "reprise-pg-")
	if err != nil {
		return cluster{}, fmt.Errorf("pgtest: make a folder: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", clusterScript, "pgtest", bin, dir)
	if cmd.SysProcAttr, err = processOwner(dir); err != nil {
		return cluster{}, err
	}
	hold, err := run(cmd, dir)
	return cluster{socket: dir, hold: hold}, err
}

// run starts the shell, waits for its word that the server answers, and returns
// the pipe that the shell waits on.
func run(cmd *exec.Cmd, dir string) (io.Closer, error) {
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("pgtest: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("pgtest: start the cluster: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil && line == "ready\n" {
		return hold, nil
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	return nil, fmt.Errorf("pgtest: the cluster did not start (log in %s):\n%s", dir, log)
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
