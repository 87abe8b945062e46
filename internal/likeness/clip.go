package likeness

import (
	"fmt"
	"time"

	"reprise/internal/phash"
	"reprise/internal/takedown"
)

// Clip is a reference that is a video.
type Clip struct {
	takedown.Reference
	clip phash.Clip
}

// ClipOf reads it of a reference. What cannot be read is an error that names its id.
func ClipOf(r takedown.Reference) (Clip, error) {
	h := Clip{Reference: r}
	if err := h.clip.UnmarshalBinary(r.Signature); err != nil {
		return h, fmt.Errorf("reference %s: %w", r.ID, err)
	}
	return h, nil
}

// Against gives how near a found video is to the reference.
func (h Clip) Against(found phash.FoundClip) takedown.Match {
	f := h.clip.Compare(found)
	shares := takedown.Shares{Reference: f.Reference.Percent(), Found: f.Found.Percent(), Moments: f.Reference.Matched}
	return takedown.Match{
		ReferenceID: h.ID, Kind: takedown.MatchClip, Distance: f.Nearest, Variant: f.Variant.String(),
		Share: max(shares.Reference, shares.Found), Span: seconds(f.FoundSpan.From, f.FoundSpan.To),
		Verdict: takedown.JudgeMatch(takedown.Finding{Kind: takedown.MatchClip, Scope: takedown.ScopeCase, Distance: f.Nearest, Shares: shares}),
	}
}

// Showing gives how near a found picture is to a frame of the reference; the
// span is that frame's place in the reference.
func (h Clip) Showing(found phash.Query) takedown.Match {
	frame, variant, distance := h.clip.NearestFrame(found.Variants)
	return still(h.Reference, distance, min(frame.Quality, int(found.Quality)), variant, frame.At)
}

// Within gives how near a frame of a found video is to the reference, which is a
// picture; the span is that frame's place in the video.
func (h Image) Within(found phash.FoundClip, nobody []takedown.Negative) takedown.Match {
	frame, variant, distance := found.NearestStill(h.sig.Upright)
	if distance != phash.None && Nobodys(frame.Hashes[0][phash.Same].Bytes(), nobody) {
		distance = phash.None
	}
	return still(h.Reference, distance, min(frame.Quality, h.Quality), variant, frame.At)
}

// still is the match of one picture with one frame. A video has hundreds: it is
// judged as a picture found among others.
func still(r takedown.Reference, distance, quality int, v phash.Variant, at time.Duration) takedown.Match {
	return takedown.Match{
		ReferenceID: r.ID, Kind: takedown.MatchClip, Distance: distance, Variant: v.String(), Span: seconds(at, at),
		Verdict: takedown.JudgeMatch(takedown.Finding{Kind: takedown.MatchSegment, Scope: takedown.ScopeCase, Distance: distance, Quality: quality}),
	}
}

func seconds(from, to time.Duration) takedown.Span {
	return takedown.Span{From: int(from / time.Second), To: int(to / time.Second)}
}
