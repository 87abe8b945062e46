package takedown

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Message is what the person and the team say to each other in her private
// space. Nothing of it ever goes into a notice or a mail.
type Message struct {
	ID       string
	CaseID   string
	FormKey  string // of the form it was sent with: one form sends one message
	FromTeam bool
	Text     Private
	SentAt   time.Time
	ReadAt   time.Time // by the other side, zero: not yet
}

// Bounds of messages (SAFETY 2.4).
const (
	MaxMessage     = 20_000 // bytes of one
	MessagesPerDay = 20     // from the person of one case
	MaxAskWords    = 500    // letters of what goes along with a question
)

// SayMessage makes a message to be kept. today is how many the person sent within
// the last day. Errors: Invalid for an empty one, TooMany over a bound.
func SayMessage(text string, today int) error {
	switch {
	case strings.TrimSpace(text) == "":
		return Refuse(Invalid, "error.message_empty")
	case len(text) > MaxMessage:
		return Refuse(TooMany, "error.message_long")
	case today >= MessagesPerDay:
		return Refuse(TooMany, "error.message_often")
	}
	return nil
}

// QuestionKind is what the team may ask with ready answers.
type QuestionKind string

// The questions. Each can be left open by answering that one does not know.
const (
	AskIsThisYou   QuestionKind = "is_this_you"
	AskStillOnline QuestionKind = "still_online"
	AskMore        QuestionKind = "more_addresses"
	AskWasItGiven  QuestionKind = "was_it_given" // did she ever give or send the images to somebody
	AskWhichImage  QuestionKind = "which_image"  // which of her references an item shows
)

// QuestionKinds lists the questions.
func QuestionKinds() []QuestionKind {
	return []QuestionKind{AskIsThisYou, AskStillOnline, AskWhichImage, AskMore, AskWasItGiven}
}

// Answer is one ready answer.
type Answer string

// The answers.
const (
	AnswerYes     Answer = "yes"
	AnswerNo      Answer = "no"
	AnswerUnknown Answer = "unknown"
	AnswerImage   Answer = "image" // one of her references, which goes along
	AnswerNone    Answer = "none"  // none of her references
)

// Answers lists the ready answers to the question.
func (k QuestionKind) Answers() []Answer {
	if k == AskWhichImage {
		return []Answer{AnswerImage, AnswerNone, AnswerUnknown}
	}
	return []Answer{AnswerYes, AnswerNo, AnswerUnknown}
}

// AnswerGiven is what the person answers with one tap.
type AnswerGiven struct {
	Answer      Answer // "" as long as there is none
	ReferenceID string // which one AnswerImage names, else ""
}

// OwnImage is one of her references as she calls it; never the image.
type OwnImage struct {
	ID    string
	Label Private
}

// Question is one of the team, about an item or, without one, about the case.
type Question struct {
	ID      string
	CaseID  string
	ItemID  string
	Kind    QuestionKind
	Words   Private // a sentence of the team's own that goes along, mostly none
	AskedBy string  // the account
	AskedAt time.Time
	AnswerGiven
	AnsweredAt time.Time
	SeenAt     time.Time // when the team has read the answer
}

// Ask tells whether a question may be put in a case with so many references.
func (q Question) Ask(references int) error {
	switch {
	case !slices.Contains(QuestionKinds(), q.Kind):
		return Refuse(Invalid, "error.ask")
	case q.Kind == AskWhichImage && q.ItemID == "":
		return Refuse(Invalid, "error.ask_item")
	case q.Kind == AskWhichImage && references == 0:
		return Refuse(Invalid, "error.ask_images")
	case utf8.RuneCountInString(q.Words.Reveal()) > MaxAskWords:
		return Refuse(Invalid, "error.ask_long")
	}
	return nil
}

// Give answers a question; an answer may be changed until the team has read it.
// references are those of the case: one that is gone, or another case's, is refused.
func (q *Question) Give(g AnswerGiven, references []Reference, now time.Time) error {
	named := func(r Reference) bool { return r.ID == g.ReferenceID }
	switch {
	case !slices.Contains(q.Kind.Answers(), g.Answer) || g.Answer != AnswerImage && g.ReferenceID != "":
		return Refuse(Invalid, "error.question")
	case !q.SeenAt.IsZero():
		return Refuse(Conflict, "error.answer_read")
	case g.Answer == AnswerImage && !slices.ContainsFunc(references, named):
		return Refuse(Invalid, "error.answer_image")
	}
	q.AnswerGiven, q.AnsweredAt = g, now
	return nil
}

// Open tells whether the question waits for an answer.
func (q Question) Open() bool { return q.Answer == "" }

// Waits tells whether an answer waits to be read by the team.
func (q Question) Waits() bool { return q.Answer != "" && q.SeenAt.IsZero() }

// Denied gives, of the questions of cases in the order they were asked, those by
// which an item does not show its person: the last one asked of it counts, so that
// to ask again takes the word of it back.
func Denied(questions []Question) map[string]Question {
	out := map[string]Question{}
	for _, q := range questions {
		switch {
		case q.Kind != AskIsThisYou || q.ItemID == "": // of the whole case it says too much to close by
		case q.Answer == AnswerNo:
			out[q.ItemID] = q
		default:
			delete(out, q.ItemID)
		}
	}
	return out
}
