package casework

import (
	"context"
	"errors"
	"fmt"

	"reprise/internal/fetch"
	"reprise/internal/likeness"
	"reprise/internal/picture"
	"reprise/internal/takedown"
)

// videosPerLook is how many videos are fetched and looked into for one item.
const videosPerLook = 3

// compareVideos looks into the videos of a page, one after the other, until one
// is near. In a case without a video among its references, one that could not be
// looked into does not keep the page from being called gone.
func (o *Office) compareVideos(ctx context.Context, l look, videos []fetch.Found, s *seen) error {
	if len(l.references.Clips) > 0 {
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
		if len(l.references.Clips) == 0 {
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
		return likeness.Nothing(), takedown.VideoServer, nil
	case f.Streamed():
		return likeness.Nothing(), takedown.VideoPlayer, nil
	case !room || ctx.Err() != nil:
		return likeness.Nothing(), takedown.VideoTime, nil
	}
	going, err := o.stillWanted(context.WithoutCancel(ctx), l.item.ID)
	if err != nil || !going {
		return likeness.Nothing(), takedown.VideoTime, err
	}
	select { // a video is held in memory: one at a time
	case o.oneVideo <- struct{}{}:
		defer func() { <-o.oneVideo }()
	case <-ctx.Done():
		return likeness.Nothing(), takedown.VideoTime, nil
	}
	answer, err := o.Looker.Video(ctx, f.URL)
	switch {
	case ctx.Err() != nil:
		return likeness.Nothing(), takedown.VideoTime, nil
	case err == nil && (answer.Status == 404 || answer.Status == 410):
		return likeness.Nothing(), takedown.VideoFine, nil
	case err != nil || answer.Status != 200 || answer.Kind != fetch.KindVideo:
		return likeness.Nothing(), takedown.VideoRefused, nil //nolint:nilerr // what could not be had is told by the trouble
	}
	found, err := o.Videos.Frames(ctx, answer.Body)
	var refused *picture.Refusal
	switch {
	case ctx.Err() != nil:
		return likeness.Nothing(), takedown.VideoTime, nil
	case errors.As(err, &refused):
		return likeness.Nothing(), takedown.VideoRefused, nil
	case err != nil:
		return likeness.Nothing(), takedown.VideoFine, fmt.Errorf("look into a video of item %s: %w", l.item.ID, err)
	}
	m := l.references.SurestOfVideo(found, l.nobody)
	m.CaseID, m.ItemID, m.State, m.Media = l.item.CaseID, l.item.ID, takedown.MatchSuggested, takedown.NewPrivate(answer.FinalURL)
	if found.Cut && m.Verdict == takedown.VerdictFar {
		return m, takedown.VideoTime, nil
	}
	return m, takedown.VideoFine, nil
}
