package takedown

import (
	"fmt"
	"strings"
)

// seriesFrom is the distance in bits from which a near picture may as well be
// another one of the same shoot: those lie below about 60 of each other, and
// copies that were only saved again or made smaller lie nearer than this.
const seriesFrom = 20

// MaybeSeries tells whether the match may be a sister picture: the hashes are of
// the kind that another photograph of the same shoot gives as well, and no local
// features say more.
func (m Match) MaybeSeries() bool {
	return m.Points == 0 && m.Kind != MatchClip && m.Distance >= seriesFrom
}

// Explanation says in one line how the found file is like the reference, for the
// person who decides.
func (m Match) Explanation() Text {
	if m.Kind == MatchClip {
		return m.explainClip()
	}
	out := m.head()
	for _, more := range []Text{m.colours(), m.cut(), m.place(), m.turn()} {
		if more != (Text{}) {
			out = Text{out.FR + ", " + more.FR, out.EN + ", " + more.EN}
		}
	}
	if m.Points > 0 {
		out = Text{fmt.Sprintf("%s ; %d points concordent", out.FR, m.Points), fmt.Sprintf("%s; %d points agree", out.EN, m.Points)}
	}
	if m.MaybeSeries() {
		return Text{out.FR + ". Peut-être une autre photo de la même série.", out.EN + ". Perhaps another photograph of the same series."}
	}
	return Text{out.FR + ".", out.EN + "."}
}

// headings names a copy, and what only looks like one, by its orientation.
var headings = map[string]struct{ near, unsure Text }{
	"same":      {Text{"Copie", "Copy"}, Text{"Image ressemblante", "Similar picture"}},
	"rot90":     {Text{"Copie tournée d’un quart de tour", "Copy turned a quarter"}, Text{"Image ressemblante, tournée d’un quart de tour", "Similar picture, turned a quarter"}},
	"rot180":    {Text{"Copie tête en bas", "Upside-down copy"}, Text{"Image ressemblante, tête en bas", "Similar picture, upside down"}},
	"rot270":    {Text{"Copie tournée de trois quarts de tour", "Copy turned three quarters"}, Text{"Image ressemblante, tournée de trois quarts de tour", "Similar picture, turned three quarters"}},
	"flipx":     {Text{"Copie retournée de haut en bas", "Copy flipped top to bottom"}, Text{"Image ressemblante, retournée de haut en bas", "Similar picture, flipped top to bottom"}},
	"flipy":     {Text{"Copie en miroir", "Mirrored copy"}, Text{"Image ressemblante, en miroir", "Similar picture, mirrored"}},
	"flipplus":  {Text{"Copie en miroir et tournée d’un quart de tour", "Copy mirrored and turned a quarter"}, Text{"Image ressemblante, en miroir et tournée d’un quart de tour", "Similar picture, mirrored and turned a quarter"}},
	"flipminus": {Text{"Copie en miroir et tournée de trois quarts de tour", "Copy mirrored and turned three quarters"}, Text{"Image ressemblante, en miroir et tournée de trois quarts de tour", "Similar picture, mirrored and turned three quarters"}},
}

func (m Match) head() Text {
	h, known := headings[m.Variant]
	if !known {
		h = headings["same"]
	}
	if m.Verdict == VerdictNear {
		return h.near
	}
	return h.unsure
}

func (m Match) colours() Text {
	if !m.Inverted {
		return Text{}
	}
	return Text{"couleurs inversées", "colours inverted"}
}

// edge is how much of a side, in per mille, may be missing without a word.
const edge = 20

// cut says which sides of the reference are missing in the found picture.
func (m Match) cut() Text {
	b, _ := m.boxes()
	var sides []Text
	for _, s := range []struct {
		missing bool
		name    Text
	}{
		{b.Top >= edge, Text{"en haut", "at the top"}}, {b.Bottom <= WholeBox.Bottom-edge, Text{"en bas", "at the bottom"}},
		{b.Left >= edge, Text{"à gauche", "on the left"}}, {b.Right <= WholeBox.Right-edge, Text{"à droite", "on the right"}},
	} {
		if s.missing {
			sides = append(sides, s.name)
		}
	}
	switch len(sides) {
	case 0:
		return Text{}
	case 4:
		sides = []Text{{"de tous les côtés", "on all sides"}}
	}
	return Text{"recadrée " + listed(sides, French, " et "), "cropped " + listed(sides, English, " and ")}
}

func listed(texts []Text, l Lang, and string) string {
	var out []string
	for _, t := range texts {
		out = append(out, t.In(l))
	}
	last := len(out) - 1
	if last == 0 {
		return out[0]
	}
	return strings.Join(out[:last], ", ") + and + out[last]
}

// place says where in a larger picture the copy is: in thirds of its sides.
func (m Match) place() Text {
	_, b := m.boxes()
	switch {
	case b.holds(Box{edge, edge, WholeBox.Right - edge, WholeBox.Bottom - edge}):
		return Text{}
	case b.holds(Box{333, 333, 667, 667}):
		return Text{"entourée d’une bordure ou de bandes", "within a border or bars"}
	}
	where := places[third((b.Top+b.Bottom)/2)][third((b.Left+b.Right)/2)]
	return Text{"dans une image plus grande, " + where.FR, "inside a larger picture, " + where.EN}
}

// third tells in which third of a side a point of it lies, 0 to 2.
func third(middle int) int { return min(2, max(0, middle*3/1000)) }

var places = [3][3]Text{
	{{"en haut à gauche", "upper left"}, {"en haut", "at the top"}, {"en haut à droite", "upper right"}},
	{{"à gauche", "on the left"}, {"au milieu", "in the middle"}, {"à droite", "on the right"}},
	{{"en bas à gauche", "lower left"}, {"en bas", "at the bottom"}, {"en bas à droite", "lower right"}},
}

// turn says by how much the copy is turned beyond its orientation.
func (m Match) turn() Text {
	angle := max(m.Angle, -m.Angle)
	if angle < 2 {
		return Text{}
	}
	return Text{fmt.Sprintf("tournée d’environ %d degrés", angle), fmt.Sprintf("turned by about %d degrees", angle)}
}

func (m Match) explainClip() Text {
	if m.Share == 0 {
		at := clock(m.Span.From)
		if m.Verdict == VerdictNear {
			return Text{"Une image de la vidéo, à " + at + ".", "A still of the video, at " + at + "."}
		}
		return Text{"Ressemble à une image de la vidéo, à " + at + ".", "Like a still of the video, at " + at + "."}
	}
	head := Text{"Vidéo ressemblante", "Similar video"}
	if m.Verdict == VerdictNear {
		head = Text{"Même vidéo", "The same video"}
	}
	if m.Span != (Span{}) {
		from, to := clock(m.Span.From), clock(m.Span.To)
		head = Text{head.FR + " de " + from + " à " + to, head.EN + " from " + from + " to " + to}
	}
	return Text{fmt.Sprintf("%s ; %d %% des images concordent.", head.FR, m.Share), fmt.Sprintf("%s; %d%% of the frames agree.", head.EN, m.Share)}
}

// clock writes seconds as 0:12, and as 1:00:05 from an hour on.
func clock(seconds int) string {
	if seconds >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
}
