package browser

import (
	"context"
	"encoding/json"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Spoken is one thing that a screen reader says of a page: its role ("button", "heading", "textbox", ...), its name, and
// for a heading its level.
type Spoken struct {
	Role, Name string
	Level      int
}

// Spoken reads the page as a screen reader does, in its order: Chromium's accessibility tree without what is hidden from
// it and without bare text.
func (p *Page) Spoken() []Spoken {
	p.tb.Helper()
	tree := run(p, "read the accessibility tree", func(ctx context.Context, t *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
		return cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	})
	var out []Spoken
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		s := Spoken{Role: said(n.Role.Value)}
		if n.Name != nil {
			s.Name = said(n.Name.Value)
		}
		for _, property := range n.Properties {
			if property.Name == "level" && property.Value != nil {
				_ = json.Unmarshal(property.Value.Value, &s.Level) // no number: no level
			}
		}
		if s.Role != "StaticText" && s.Role != "InlineTextBox" && s.Role != "generic" {
			out = append(out, s)
		}
	}
	return out
}

// said reads a value of the tree that is a text.
func said(value []byte) string {
	var s string
	_ = json.Unmarshal(value, &s) // no text: nothing is said
	return s
}
