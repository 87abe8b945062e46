package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reprise/internal/fetch"
	"reprise/internal/phash"
	"reprise/internal/picture"
	"reprise/internal/takedown"
)

// videosPerLook is how many videos are fetched and looked into for one item.
const videosPerLook = 3

// heldClip is a reference of the case that is a video.
type heldClip struct {
	takedown.Reference
	clip phash.Clip
}

func heldClipOf(r takedown.Reference) (heldClip, error) {
	h := heldClip{Reference: r}
	if err := h.clip.UnmarshalBinary(r.Signature); err != nil {
		return h, fmt.Errorf("reference %s: %w", r.ID, err)
	}
	return h, nil
}

// against gives how near a found video is to the reference.
func (h heldClip) against(found phash.FoundClip) takedown.Match {
	f := h.clip.Compare(found)
	shares := takedown.Shares{Reference: f.Reference.Percent(), Found: f.Found.Percent(), Moments: f.Reference.Matched}
	return takedown.Match{
		ReferenceID: h.ID, Kind: takedown.MatchClip, Distance: f.Nearest, Variant: f.Variant.String(),
		Share: max(shares.Reference, shares.Found), Span: seconds(f.FoundSpan.From, f.FoundSpan.To),
		Verdict: takedown.JudgeMatch(takedown.Finding{Kind: takedown.MatchClip, Scope: takedown.ScopeCase, Distance: f.Nearest, Shares: shares}),
	}
}

// showing gives how near a found picture is to a frame of the reference; the
// span is that frame's place in the reference.
func (h heldClip) showing(found phash.Query) takedown.Match {
	frame, variant, distance := h.clip.NearestFrame(found.Variants)
	return still(h.Reference, distance, min(frame.Quality, int(found.Quality)), variant, frame.At)
}

// within gives how near a frame of a found video is to the reference, which is a
// picture; the span is that frame's place in the video.
func (h held) within(found phash.FoundClip, nobody []takedown.Negative) takedown.Match {
	frame, variant, distance := found.NearestStill(h.sig.Upright)
	if distance != phash.None && nobodys(frame.Hashes[0][phash.Same].Bytes(), nobody) {
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

// surestOfVideo gives what is nearest to a found video of the references of the look.
func (l look) surestOfVideo(found phash.FoundClip) takedown.Match {
	best := nothingNear()
	for _, h := range l.clips {
		best = surer(h.against(found), best)
	}
	for _, h := range l.refs {
		best = surer(h.within(found, l.nobody), best)
	}
	return best
}

// nothingNear is the match of what was compared with nothing.
func nothingNear() takedown.Match {
	return takedown.Match{Distance: phash.None, Verdict: takedown.VerdictFar}
}

func surer(m, best takedown.Match) takedown.Match {
	if m.Distance != phash.None && (best.Distance == phash.None || m.Surer(best)) {
		return m
	}
	return best
}

// compareVideos looks into the videos of a page, one after the other, until one
// is near. In a case without a video among its references, one that could not be
// looked into does not keep the page from being called gone.
func (o *Office) compareVideos(ctx context.Context, l look, videos []fetch.Found, s *seen) error {
	if len(l.clips) > 0 {
		s.evidence.MediaFound += len(videos)
	}
	limited, cancel := context.WithTimeout(ctx, o.patience()*2/3)
	defer cancel()
	for i, f := range videos {
		if s.evidence.Near {
			return nil
		}
		m, trouble, err := o.compareVideo(limited, l, f, i < videosPerLook)
		if err != nil {
			return err
		}
		if trouble != takedown.VideoFine {
			s.videos.trouble = trouble
			continue
		}
		s.videos.read++
		s.evidence.MediaRead++
		if len(l.clips) == 0 {
			s.evidence.MediaFound++
		}
		s.note(m, l.stands(m))
	}
	return nil
}

// compareVideo gives the nearest reference of one video, or why it was not looked into.
func (o *Office) compareVideo(ctx context.Context, l look, f fetch.Found, room bool) (takedown.Match, takedown.VideoTrouble, error) {
	switch {
	case o.Videos == nil:
		return nothingNear(), takedown.VideoServer, nil
	case f.Streamed():
		return nothingNear(), takedown.VideoPlayer, nil
	case !room || ctx.Err() != nil:
		return nothingNear(), takedown.VideoTime, nil
	}
	going, err := o.stillWanted(context.WithoutCancel(ctx), l.item.ID)
	if err != nil || !going {
		return nothingNear(), takedown.VideoTime, err
	}
	select { // a video is held in memory: one at a time
	case o.oneVideo <- struct{}{}:
		defer func() { <-o.oneVideo }()
	case <-ctx.Done():
		return nothingNear(), takedown.VideoTime, nil
	}
	answer, err := o.Looker.Video(ctx, f.URL)
	switch {
	case ctx.Err() != nil:
		return nothingNear(), takedown.VideoTime, nil
	case err == nil && (answer.Status == 404 || answer.Status == 410):
		return nothingNear(), takedown.VideoFine, nil
	case err != nil || answer.Status != 200 || answer.Kind != fetch.KindVideo:
		return nothingNear(), takedown.VideoRefused, nil //nolint:nilerr // what could not be had is told by the trouble
	}
	found, err := o.Videos.Frames(ctx, answer.Body)
	var refused *picture.Refusal
	switch {
	case ctx.Err() != nil:
		return nothingNear(), takedown.VideoTime, nil
	case errors.As(err, &refused):
		return nothingNear(), takedown.VideoRefused, nil
	case err != nil:
		return nothingNear(), takedown.VideoFine, fmt.Errorf("look into a video of item %s: %w", l.item.ID, err)
	}
	m := l.surestOfVideo(found)
	m.CaseID, m.ItemID, m.State, m.Media = l.item.CaseID, l.item.ID, takedown.MatchSuggested, takedown.NewPrivate(answer.FinalURL)
	if found.Cut && m.Verdict == takedown.VerdictFar {
		return m, takedown.VideoTime, nil
	}
	return m, takedown.VideoFine, nil
}
