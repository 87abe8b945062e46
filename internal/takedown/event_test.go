package takedown

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"
)

var beginning = make([]byte, sha256.Size)

// chain gives five events that follow each other.
func chain() []Event {
	prev, out := beginning, []Event{}
	for n := range 5 {
		e := Event{
			Seq: int64(n + 1), At: noon.Add(time.Duration(n) * time.Microsecond), Role: RoleCaseworker, Actor: "account-1",
			Verb: "item.close", CaseID: "case-1", ItemID: "item-1", Detail: "removed", Prev: prev,
		}
		e.Hash = e.Link()
		prev, out = e.Hash, append(out, e)
	}
	return out
}

func TestAWholeChainHolds(t *testing.T) {
	events := chain()
	for n := range events {
		if broken, ok := Chain(events[n].Prev, events[n:], unsealed); !ok || broken != 0 {
			t.Errorf("from event %d: broken at %d", n+1, broken)
		}
	}
	if broken, ok := Chain(beginning, nil, unsealed); !ok || broken != 0 {
		t.Errorf("an empty chain is broken at %d", broken)
	}
	for n := range events { // as a database gives it back
		events[n].At = events[n].At.In(time.FixedZone("CET", 3600)).Add(999 * time.Nanosecond)
	}
	if broken, ok := Chain(beginning, events, unsealed); !ok {
		t.Errorf("in another zone it is broken at %d", broken)
	}
}

// changes gives every changed byte of every field, and some changes that keep
// the bytes but move them.
func changes(whole Event) map[string][]Event {
	out := map[string][]Event{}
	add := func(field string, change func(*Event)) {
		e := whole
		e.Prev, e.Hash = slices.Clone(e.Prev), slices.Clone(e.Hash)
		change(&e)
		out[field] = append(out[field], e)
	}
	fields := map[string]func(*Event) *string{
		"actor": func(e *Event) *string { return &e.Actor }, "verb": func(e *Event) *string { return &e.Verb },
		"case": func(e *Event) *string { return &e.CaseID }, "item": func(e *Event) *string { return &e.ItemID },
		"detail": func(e *Event) *string { return &e.Detail }, "role": func(e *Event) *string { return (*string)(&e.Role) },
	}
	for name, field := range fields {
		was := *field(&whole)
		for n := range was {
			for bit := range 8 {
				add(name, func(e *Event) { b := []byte(was); b[n] ^= 1 << bit; *field(e) = string(b) })
			}
			add(name, func(e *Event) { *field(e) = was[:n] + was[n+1:] })
		}
		for _, now := range []string{"", was + "\x00", was + " ", " " + was} {
			add(name, func(e *Event) { *field(e) = now })
		}
	}
	for n := range whole.Prev {
		for bit := range 8 {
			add("prev", func(e *Event) { e.Prev[n] ^= 1 << bit })
			add("hash", func(e *Event) { e.Hash[n] ^= 1 << bit })
		}
	}
	for _, empty := range [][]byte{nil, {}, whole.Prev[1:]} {
		add("prev", func(e *Event) { e.Prev = empty })
		add("hash", func(e *Event) { e.Hash = empty })
	}
	for bit := range 63 {
		add("seq", func(e *Event) { e.Seq ^= 1 << bit })
	}
	for _, by := range []time.Duration{time.Microsecond, -time.Microsecond, hour, -400 * 24 * hour} {
		add("at", func(e *Event) { e.At = e.At.Add(by) })
	}
	add("moved", func(e *Event) { e.Actor, e.Verb = e.Actor+e.Verb[:1], e.Verb[1:] })
	add("moved", func(e *Event) { e.Verb, e.CaseID = e.Verb+e.CaseID, "" })
	add("moved", func(e *Event) { e.CaseID, e.ItemID = "", e.CaseID+e.ItemID })
	add("moved", func(e *Event) { e.ItemID, e.Detail = e.Detail, e.ItemID })
	return out
}

func TestAnyChangedByteOfAnyFieldIsFound(t *testing.T) {
	for n, whole := range chain() {
		for field, changed := range changes(whole) {
			for _, e := range changed {
				events := chain()
				events[n] = e
				if broken, ok := Chain(beginning, events, unsealed); ok || broken != e.Seq {
					t.Errorf("event %d, %s: found %v at %d", n+1, field, !ok, broken)
				}
			}
		}
	}
}

func TestAForgedEventIsFoundByTheOneAfterIt(t *testing.T) {
	for n := range 4 {
		for field, changed := range changes(chain()[n]) {
			events := chain()
			events[n] = changed[0]
			events[n].Prev = chain()[n].Prev
			events[n].Hash = events[n].Link()
			if broken, ok := Chain(beginning, events, unsealed); field != "prev" && field != "hash" && (ok || broken != int64(n+2)) {
				t.Errorf("event %d, %s, with a hash of its own: found %v at %d", n+1, field, !ok, broken)
			}
		}
	}
}

func TestAMissingMovedOrRepeatedEventIsFound(t *testing.T) {
	for n := range 4 {
		for name, events := range map[string][]Event{
			"missing":  slices.Delete(chain(), n, n+1),
			"swapped":  slices.Concat(chain()[:n], chain()[n+1:n+2], chain()[n:n+1], chain()[n+2:]),
			"repeated": slices.Insert(chain(), n, chain()[n]),
		} {
			if _, ok := Chain(beginning, events, unsealed); ok {
				t.Errorf("event %d %s: not found", n+1, name)
			}
		}
	}
	if _, ok := Chain([]byte(strings.Repeat("\x01", 32)), chain(), unsealed); ok {
		t.Error("a chain with another beginning holds")
	}
}

// unsealed stands for the keyed hash, which the store makes.
func unsealed(link []byte) []byte { return link }
