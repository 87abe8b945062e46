package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// Now is the trial clock: the machine's clock plus the offset that the clock file
// holds, read at every use, in UTC. A file that is not there is no offset.
func (s *Sandbox) Now() time.Time {
	offset, err := s.offset()
	if err != nil {
		return time.Now().UTC()
	}
	return time.Now().Add(offset).UTC()
}

func (s *Sandbox) offset() (time.Duration, error) {
	text, err := os.ReadFile(s.options.Clock)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the clock file: %w", err)
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read the clock file: it must hold a number of seconds: %w", err)
	}
	return time.Duration(seconds) * time.Second, nil
}

// Advance moves the trial clock, in whole seconds, for the sandbox and for every
// program that reads the clock file. What had been sent before counts as sent
// before the move.
func (s *Sandbox) Advance(d time.Duration) error {
	if err := s.Settle(); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	offset, err := s.offset()
	if err != nil {
		return err
	}
	return write(s.options.Clock, []byte(strconv.FormatInt(int64((offset+d)/time.Second), 10)+"\n"))
}

// write replaces a file whole, so that a reader never sees half of it.
func write(path string, data []byte) error {
	next := path + ".next"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return fmt.Errorf("keep a file of the sandbox: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("keep a file of the sandbox: %w", err)
	}
	return nil
}
