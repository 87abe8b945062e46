package takedown

import (
	"fmt"
	"strings"
	"testing"
)

func TestAMatchIsExplainedInOneLine(t *testing.T) {
	bottomCut := Box{0, 0, 1000, 850}
	for _, c := range []struct {
		match Match
		want  Text
	}{
		{
			Match{Kind: MatchPoints, Verdict: VerdictNear, Variant: "flipy", Distance: 96, ReferenceBox: bottomCut, FoundBox: WholeBox, Points: 118},
			Text{"Copie en miroir, recadrée en bas ; 118 points concordent.", "Mirrored copy, cropped at the bottom; 118 points agree."},
		},
		{Match{Kind: MatchWhole, Verdict: VerdictNear, Variant: "same", Distance: 4}, Text{"Copie.", "Copy."}},
		{
			Match{Kind: MatchCropped, Verdict: VerdictNear, Variant: "same", Distance: 4, Inverted: true, ReferenceBox: Box{0, 0, 800, 1000}},
			Text{"Copie, couleurs inversées, recadrée à droite.", "Copy, colours inverted, cropped on the right."},
		},
		{
			Match{Kind: MatchWhole, Verdict: VerdictNear, Variant: "same", Distance: 20},
			Text{"Copie. Peut-être une autre photo de la même série.", "Copy. Perhaps another photograph of the same series."},
		},
		{
			Match{Kind: MatchWhole, Verdict: VerdictNear, Variant: "same", Distance: 20, Points: 118},
			Text{"Copie ; 118 points concordent.", "Copy; 118 points agree."},
		},
		{
			Match{Kind: MatchWhole, Verdict: VerdictUnsure, Variant: "rot90", Distance: 70},
			Text{"Image ressemblante, tournée d’un quart de tour. Peut-être une autre photo de la même série.", "Similar picture, turned a quarter. Perhaps another photograph of the same series."},
		},
		{
			Match{Kind: MatchSegment, Verdict: VerdictNear, Variant: "rot180", Distance: 9, FoundBox: Box{50, 50, 950, 950}},
			Text{"Copie tête en bas, entourée d’une bordure ou de bandes.", "Upside-down copy, within a border or bars."},
		},
		{
			Match{Kind: MatchSegment, Verdict: VerdictNear, Variant: "same", Distance: 12, ReferenceBox: WholeBox, FoundBox: Box{520, 10, 990, 480}},
			Text{"Copie, dans une image plus grande, en haut à droite.", "Copy, inside a larger picture, upper right."},
		},
		{
			Match{Kind: MatchPoints, Verdict: VerdictNear, Variant: "same", Distance: 110, ReferenceBox: Box{100, 100, 900, 900}, FoundBox: Box{0, 300, 500, 700}, Points: 40, Angle: -5},
			Text{"Copie, recadrée de tous les côtés, dans une image plus grande, à gauche, tournée d’environ 5 degrés ; 40 points concordent.", "Copy, cropped on all sides, inside a larger picture, on the left, turned by about 5 degrees; 40 points agree."},
		},
		{
			Match{Kind: MatchCropped, Verdict: VerdictNear, Variant: "same", Distance: 15, ReferenceBox: Box{19, 20, 980, 981}},
			Text{"Copie, recadrée en haut et à droite.", "Copy, cropped at the top and on the right."},
		},
		{
			Match{Kind: MatchCroppedBoth, Verdict: VerdictUnsure, Variant: "made up", Distance: 0, ReferenceBox: Box{200, 200, 800, 1000}, FoundBox: WholeBox},
			Text{"Image ressemblante, recadrée en haut, à gauche et à droite.", "Similar picture, cropped at the top, on the left and on the right."},
		},
		{
			// a picture within both: 4 % are cut off each edge
			Match{Kind: MatchSegment, Verdict: VerdictNear, Variant: "same", Distance: 6, ReferenceBox: Box{282, 51, 698, 690}, FoundBox: Box{267, 12, 714, 706}},
			Text{"Copie, recadrée de tous les côtés.", "Copy, cropped on all sides."},
		},
		{
			// turned a quarter against the clock, its top lies on the left: that is cut off
			Match{Kind: MatchCroppedBoth, Verdict: VerdictNear, Variant: "rot90", Distance: 6, ReferenceBox: Box{0, 500, 1000, 1000}, FoundBox: Box{400, 0, 1000, 1000}},
			Text{"Copie tournée d’un quart de tour, recadrée en haut.", "Copy turned a quarter, cropped at the top."},
		},
		{
			Match{Kind: MatchClip, Verdict: VerdictNear, Distance: 60, Span: Span{12, 40}, Share: 93},
			Text{"Même vidéo de 0:12 à 0:40 ; 93 % des images concordent.", "The same video from 0:12 to 0:40; 93% of the frames agree."},
		},
		{
			Match{Kind: MatchClip, Verdict: VerdictUnsure, Span: Span{3599, 3605}, Share: 15},
			Text{"Vidéo ressemblante de 59:59 à 1:00:05 ; 15 % des images concordent.", "Similar video from 59:59 to 1:00:05; 15% of the frames agree."},
		},
		{Match{Kind: MatchClip, Verdict: VerdictNear, Span: Span{72, 72}}, Text{"Une image de la vidéo, à 1:12.", "A still of the video, at 1:12."}},
		{Match{Kind: MatchClip, Verdict: VerdictUnsure, Distance: 60}, Text{"Ressemble à une image de la vidéo, à 0:00.", "Like a still of the video, at 0:00."}},
		{Match{Kind: MatchClip, Verdict: VerdictUnsure, Share: 20}, Text{"Vidéo ressemblante ; 20 % des images concordent.", "Similar video; 20% of the frames agree."}},
	} {
		if got := c.match.Explanation(); got != c.want {
			t.Errorf("%+v:\ngot  %q\nwant %q", c.match, got, c.want)
		}
	}
}

func TestEveryOrientationReadsOtherwise(t *testing.T) {
	seen := map[string]string{}
	for variant := range headings {
		for _, v := range []Verdict{VerdictNear, VerdictUnsure} {
			for lang, words := range languages(Match{Kind: MatchWhole, Variant: variant, Verdict: v}.Explanation()) {
				if other, ok := seen[words]; ok || strings.Contains(words, "  ") {
					t.Errorf("%s and %s of %s read %q in %s", variant, v, other, words, lang)
				}
				seen[words] = variant
			}
		}
	}
	if len(headings) != 8 {
		t.Errorf("%d orientations, want 8", len(headings))
	}
}

func TestThePlaceInALargerPictureIsSaidInThirds(t *testing.T) {
	seen := map[Text]bool{}
	for row := range 3 {
		for column := range 3 {
			b := Box{column*333 + 40, row*333 + 40, column*333 + 300, row*333 + 300}
			m := Match{Kind: MatchSegment, Verdict: VerdictNear, Variant: "same", FoundBox: b}
			text := m.Explanation()
			if want := "inside a larger picture, " + places[row][column].EN + "."; !strings.HasSuffix(text.EN, want) || seen[text] {
				t.Errorf("%v: %q", b, text.EN)
			}
			seen[text] = true
		}
	}
}

func TestABoxThatIsLaidIsRaisedAgain(t *testing.T) {
	b, seen := Box{100, 200, 300, 900}, map[Box]string{}
	for name, l := range lays {
		laid := b.laid(l)
		if got := laid.raised(l); got != b || laid.flat() {
			t.Errorf("%s: %v comes back as %v", name, laid, got)
		}
		if other, ok := seen[laid]; ok {
			t.Errorf("%s and %s lie alike", name, other)
		}
		seen[laid] = name
		if _, ok := headings[name]; !ok {
			t.Errorf("%s has no words", name)
		}
	}
	for name, want := range map[string]Box{
		"rot90": {200, 700, 900, 900}, "rot270": {100, 100, 800, 300}, "flipy": {700, 200, 900, 900}, "flipplus": {200, 100, 900, 300},
	} {
		if got := b.laid(lays[name]); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestABoxIsReadAsItWasWritten(t *testing.T) {
	for _, b := range []Box{{}, WholeBox, {0, 10, 1000, 850}, {-3, 0, 7, 1}} {
		if got := ReadBox(b.String()); got != b {
			t.Errorf("%v is read as %v", b, got)
		}
	}
	for _, text := range []string{"1,2,3", "1,2,3,4,5", "a,b,c,d", "0,0,1000,", " "} {
		if got := ReadBox(text); got != (Box{}) {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	if got := fmt.Sprint(Box{}); got != "" {
		t.Errorf("no box is written %q", got)
	}
}
