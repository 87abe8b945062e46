package jobs

import (
	"context"
	"log/slog"
)

// riverLogger lets through River's warnings and errors only; what happens to
// jobs we log ourselves, in our own words.
func riverLogger(logger *slog.Logger) *slog.Logger {
	return slog.New(quiet{logger.Handler()})
}

type quiet struct{ slog.Handler }

func (h quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }
func (h quiet) WithGroup(name string) slog.Handler       { return quiet{h.Handler.WithGroup(name)} }
