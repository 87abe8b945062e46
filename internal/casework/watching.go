package casework

import (
	"context"

	"reprise/internal/takedown"
)

// EndWatches asks the persons whose closed cases have been watched long enough
// whether to go on, once, and ends the watch of those who do not answer.
func (o *Office) EndWatches(ctx context.Context) error {
	return o.Change(ctx, takedown.System(), takedown.MayRunJobs, func(c *Change) error {
		cases, err := c.CasesWatchedOut(c.Now)
		if err != nil {
			return err
		}
		for _, file := range cases {
			switch {
			case file.WatchEnds(c.Now):
				err = c.StopWatching(file)
			case !file.WatchAsked:
				err = c.askToWatch(file)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *Change) askToWatch(file takedown.Case) error {
	file.WatchAsked = true
	if err := c.SaveCaseState(file, file.State); err != nil {
		return err
	}
	if err := c.MarkNews(file.ID); err != nil {
		return err
	}
	return c.Event("watch.ask", file.ID, "", "")
}

// StopWatching ends the watch of a closed case: nothing of it is looked at any
// more, and nothing is deleted.
func (c *Change) StopWatching(file takedown.Case) error {
	if err := file.StopWatching(); err != nil {
		return err
	}
	return c.watch(file, "watch.stop", func(i *takedown.Item) error {
		i.Rest()
		return nil
	})
}

// KeepWatching lets a closed case be watched as long again, beginning now.
func (c *Change) KeepWatching(file takedown.Case) error {
	if err := file.KeepWatching(c.Now); err != nil {
		return err
	}
	return c.watch(file, "watch.keep", func(i *takedown.Item) error { return i.WatchAgain(c.Now) })
}

func (c *Change) watch(file takedown.Case, verb string, do func(*takedown.Item) error) error {
	if err := c.SaveCaseState(file, takedown.CaseClosed); err != nil {
		return err
	}
	items, err := c.ItemsOfCase(file.ID)
	if err != nil {
		return err
	}
	for _, i := range items {
		was := i
		if do(&i) != nil {
			continue
		}
		if err := c.SaveItem(i, was); err != nil {
			return err
		}
	}
	return c.Event(verb, file.ID, "", "")
}
