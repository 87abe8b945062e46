package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// State is how a made-up page answers.
type State string

// The states of a page.
const (
	Online    State = "online"
	Gone      State = "gone"      // 404
	Soft      State = "soft"      // 200 and the words "not found"
	Login     State = "login"     // 200 and a form to sign in
	Forbidden State = "forbidden" // 403 and a form to sign in
	Country   State = "country"   // 451: not in this country
	Down      State = "down"      // 503
)

// States lists all states.
func States() []State { return []State{Online, Gone, Soft, Login, Forbidden, Country, Down} }

// change is one line of a page's history, which may lie in the future.
type change struct {
	At    time.Time
	State State
	By    string // id of an operator, or byHand
}

const byHand = "hand"

// kept is what the sandbox remembers beside the mails.
type kept struct {
	Read    int                 // mails read so far
	Pages   map[string][]change // by id of the page
	Delists map[string][]change // by id of the search engine and of the page
	Forms   int                 // forms received
}

func (s *Sandbox) file() string { return filepath.Join(s.options.Dir, "sandbox.json") }

func load(file string) (kept, error) {
	k := kept{Pages: map[string][]change{}, Delists: map[string][]change{}}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return k, fmt.Errorf("read what the sandbox kept: %w", err)
	}
	if err := json.Unmarshal(text, &k); err != nil {
		return k, fmt.Errorf("read what the sandbox kept (remove sandbox.json to begin anew): %w", err)
	}
	return k, nil
}

// save is called with the lock held.
func (s *Sandbox) save() error {
	text, err := json.MarshalIndent(s.kept, "", " ")
	if err != nil {
		return fmt.Errorf("keep the state of the sandbox: %w", err)
	}
	return write(s.file(), text)
}

// at gives the state that a history has reached at a time.
func at(history []change, now time.Time, begin State) State {
	state, since := begin, time.Time{}
	for _, c := range history {
		if !c.At.After(now) && !c.At.Before(since) {
			state, since = c.State, c.At
		}
	}
	if state == "" {
		return Online
	}
	return state
}

// to ends a history now with a state set by hand: what was still to come is off.
func to(history []change, now time.Time, state State) []change {
	past := slices.DeleteFunc(history, func(c change) bool { return c.At.After(now) })
	return append(past, change{At: now, State: state, By: byHand})
}

// stateOf gives how a page answers now, all mails that have come included.
func (s *Sandbox) stateOf(p page) (State, error) {
	if err := s.Settle(); err != nil {
		return "", err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return at(s.kept.Pages[p.id], s.Now(), p.begin), nil
}

// State gives how an address on a made-up host answers now.
func (s *Sandbox) State(url string) (State, error) {
	_, p, err := parse(url)
	if err != nil {
		return "", err
	}
	return s.stateOf(p)
}

// Set makes the page of an address answer in a state from now on.
func (s *Sandbox) Set(url string, state State) error {
	_, p, err := parse(url)
	if err != nil {
		return err
	}
	return s.set(state, p)
}

// Host is a handle on the made-up site of a host name.
type Host struct {
	sandbox *Sandbox
	name    string
}

// Host gives the handle of a host name; an unknown one is an error of Set.
func (s *Sandbox) Host(name string) Host { return Host{s, name} }

// Set makes all pages of the site answer in a state from now on.
func (h Host) Set(state State) error {
	for _, site := range sites {
		if slices.Contains(site.names(), h.name) {
			return h.sandbox.set(state, site.pages...)
		}
	}
	return fmt.Errorf("no made-up host is called %q", h.name)
}

func (s *Sandbox) set(state State, pages ...page) error {
	if !slices.Contains(States(), state) {
		return fmt.Errorf("no state of a page is called %q", state)
	}
	if err := s.Settle(); err != nil {
		return err
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, p := range pages {
		s.kept.Pages[p.id] = to(s.kept.Pages[p.id], s.Now(), state)
	}
	return s.save()
}
