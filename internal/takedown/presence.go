package takedown

import (
	"strings"
	"time"
)

// Presence is what is there at an item. Only observations change it, or a
// person who overrules them with a reason.
type Presence string

// The states of what is there. GoneOnce is one look that found it gone:
// nothing is told as removed before a second look agrees a day later.
const (
	Unseen      Presence = "unseen"
	Online      Presence = "online"
	Hidden      Presence = "hidden"
	GoneOnce    Presence = "gone_once"
	Removed     Presence = "removed"
	LoginWall   Presence = "login_wall"
	GeoBlocked  Presence = "geo_blocked"
	Unreachable Presence = "unreachable"
	Delisted    Presence = "delisted"
	Reappeared  Presence = "reappeared"
)

// Presences lists every state.
func Presences() []Presence {
	return []Presence{Unseen, Online, Hidden, GoneOnce, Removed, LoginWall, GeoBlocked, Unreachable, Delisted, Reappeared}
}

// Sighting is what one look showed, before it is held against earlier looks.
type Sighting string

// What a look can show.
const (
	SawContent     Sighting = "content"     // the page, or the media, is there
	SawGone        Sighting = "gone"        // 404, 410, a "not found" page, or the media is off the page
	SawHidden      Sighting = "hidden"      // the platform says it is hidden pending review
	SawLogin       Sighting = "login"       // sign-in, captcha, 401, 403, 407, 429
	SawGeoBlock    Sighting = "geo"         // not available in this country, 451
	SawUnreachable Sighting = "unreachable" // no answer that can be read
	SawUnclear     Sighting = "unclear"     // an answer that proves nothing
)

// Sightings lists every sighting.
func Sightings() []Sighting {
	return []Sighting{SawContent, SawGone, SawHidden, SawLogin, SawGeoBlock, SawUnreachable, SawUnclear}
}

// GoneSpan is the least time between the two agreeing looks that make removed.
const GoneSpan = 24 * time.Hour

// Standing is the presence of an item with the time of the first look of the
// present row of looks that found it gone, or of the word that it is (zero when
// there is none).
type Standing struct {
	Presence  Presence
	GoneSince time.Time
}

// Observe gives the standing after a look at the time at. Looks that prove
// nothing (unreachable, unclear) neither confirm nor break a row of gone looks,
// and take back neither a removal nor a reappearance; a login wall or a page
// that is there breaks the row.
func (s Standing) Observe(saw Sighting, at time.Time) Standing {
	switch saw {
	case SawContent:
		return Standing{Presence: s.backOnline()}
	case SawGone:
		return s.gone(at)
	case SawHidden:
		return s.unlessGone(Hidden)
	case SawLogin:
		return s.unlessGone(LoginWall)
	case SawGeoBlock:
		return s.unlessGone(GeoBlocked)
	case SawUnreachable:
		if s.Presence == GoneOnce || s.Presence == Reappeared {
			return s
		}
		return s.unlessGone(Unreachable)
	}
	return s
}

func (s Standing) backOnline() Presence {
	switch s.Presence {
	case Removed, Delisted, Reappeared:
		return Reappeared
	}
	return Online
}

func (s Standing) gone(at time.Time) Standing {
	switch {
	case s.Presence == Removed || s.Presence == Delisted:
		return s
	case s.Presence == GoneOnce && !at.Before(s.GoneSince.Add(GoneSpan)):
		return Standing{Removed, s.GoneSince}
	case s.Presence == GoneOnce:
		return s
	}
	return Standing{GoneOnce, at}
}

// unlessGone moves to p unless a removal already stands: a wall in front of a
// page that is gone says nothing new.
func (s Standing) unlessGone(p Presence) Standing {
	if s.Presence == Removed || s.Presence == Delisted {
		return s
	}
	return Standing{Presence: p}
}

// Overrule is a person's word over the observations. A reason is required, and
// the states that only a row of looks can make are refused; so is Delisted, since
// an address that no search lists any more is still there.
func (s Standing) Overrule(to Presence, reason string, at time.Time) (Standing, error) {
	if strings.TrimSpace(reason) == "" {
		return s, ErrReason
	}
	switch to {
	case Removed:
		return Standing{to, at}, nil
	case Online, Hidden, LoginWall, GeoBlocked, Unreachable:
		return Standing{Presence: to}, nil
	}
	return s, ErrStep
}

// Gone tells whether the standing may be told to the person as gone.
func (s Standing) Gone() bool { return s.Presence == Removed || s.Presence == Delisted }

// NeedsPerson tells whether looking again will not settle the matter.
func (s Standing) NeedsPerson() bool {
	return s.Presence == LoginWall || s.Presence == GeoBlocked || s.Presence == Reappeared
}
