package takedown

import "time"

// What a page says of itself, as internal/fetch reads it.
const (
	SaysContent = "content"
	SaysGone    = "gone"
	SaysLogin   = "login"
	SaysGeo     = "geo"
	SaysUnclear = "unclear"
)

// Failure is why a look brought no answer that can be read.
type Failure string

// The failures. Refused by us means the address leads where we do not go.
const (
	FailureNone        Failure = ""
	FailureUnreachable Failure = "unreachable" // no such name, no connection, no time, no valid certificate
	FailureAnswer      Failure = "answer"      // an answer that breaks the protocol or its bounds
	FailureOurs        Failure = "ours"        // refused by our own guard
)

// Evidence is what one look brought, before it is judged.
type Evidence struct {
	Failure    Failure
	Status     int    // HTTP status of the last hop
	Says       string // what the page says of itself
	MediaFound int    // media files on the page
	MediaRead  int    // of these, how many were compared
	Near       bool   // one of them is near a reference, or as near as one a person confirmed
	Unsure     bool   // one of them may be near
	HadMatch   bool   // an earlier look found one that was near
}

// Sighting judges a look. A near image outweighs every word of the page; a page
// that answers 403, asks to sign in or shows a captcha is never gone; a page
// that stands is gone only if it once showed a near image and every image on
// it could be compared.
func (e Evidence) Sighting() Sighting {
	switch {
	case e.Near:
		return SawContent
	case e.Failure == FailureUnreachable:
		return SawUnreachable
	case e.Failure != FailureNone:
		return SawUnclear
	case e.Status == 451 || e.Says == SaysGeo:
		return SawGeoBlock
	case e.walled():
		return SawLogin
	case e.Status == 404 || e.Status == 410:
		return SawGone
	case e.Status >= 500:
		return SawUnreachable
	case e.Status < 200 || e.Status >= 300:
		return SawUnclear
	case e.Says == SaysGone:
		return SawGone
	}
	return e.page()
}

func (e Evidence) walled() bool {
	switch e.Status {
	case 401, 403, 407, 429:
		return true
	}
	return e.Says == SaysLogin
}

func (e Evidence) page() Sighting {
	switch {
	case e.Says == SaysUnclear && e.MediaFound == 0:
		return SawUnclear // an empty shell proves neither
	case !e.HadMatch:
		return SawContent
	case e.MediaRead < e.MediaFound || e.Unsure:
		return SawUnclear
	}
	return SawGone
}

// Observation is what one look at an item showed. Never the image.
type Observation struct {
	ID         string
	CaseID     string
	ItemID     string
	At         time.Time
	Saw        Sighting
	Status     int
	Failure    Failure
	Says       string
	MediaFound int
	MediaRead  int
	Distance   int // the nearest reference in bits, -1 when nothing was compared

	VideosFound  int          // on the page
	VideosRead   int          // of these, how many were looked into to their end
	VideoTrouble VideoTrouble // why the last of the others was not
}

// VideoTrouble is why a found video was not looked into.
type VideoTrouble string

// The troubles.
const (
	VideoFine    VideoTrouble = ""        // it was
	VideoServer  VideoTrouble = "server"  // ffmpeg is not installed
	VideoPlayer  VideoTrouble = "player"  // it comes in pieces to a player; there is no file
	VideoRefused VideoTrouble = "refused" // it could not be had, or is too large or damaged
	VideoTime    VideoTrouble = "time"    // it is too long, or there were too many
)

// VideoTroubles lists every trouble.
func VideoTroubles() []VideoTrouble {
	return []VideoTrouble{VideoServer, VideoPlayer, VideoRefused, VideoTime}
}
