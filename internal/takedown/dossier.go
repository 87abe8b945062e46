package takedown

import (
	"log/slog"
	"time"
)

// DossierFormat names the shape of a dossier as JSON. Fields may be added to it;
// one that changes its meaning, or goes, needs another name.
const DossierFormat = "reprise-dossier-1"

// Dossier is everything that is kept of one case, for its person to read and to
// take along (GDPR 15 and 20). It names nobody of the team and no other case.
//
// It is her own copy, so its values are plain: it is made when she asks, shown to
// her, and never kept or logged. Whatever formats or logs a whole one prints a
// placeholder. Its JSON is the document she downloads: times are RFC 3339 in UTC,
// one that is left out has not come.
type Dossier struct {
	Format    string           `json:"format"`
	MadeAt    time.Time        `json:"made_at"`
	Case      DossierCase      `json:"case"`
	Contact   DossierContact   `json:"contact"`
	Images    []DossierImage   `json:"images"`
	Addresses []DossierAddress `json:"addresses"`
	Notices   []DossierNotice  `json:"notices"`
	Talk      DossierTalk      `json:"talk"`
	Events    []DossierEvent   `json:"events"`
	Audit     DossierAudit     `json:"audit"`
}

// DossierCase is what she told us when she opened it, and where it stands.
type DossierCase struct {
	Number       string    `json:"number"`
	State        CaseState `json:"state"`
	Harm         Harm      `json:"harm"`
	Language     Lang      `json:"language"`
	OnBehalf     bool      `json:"on_behalf"`
	Capacity     Capacity  `json:"capacity,omitempty"`
	NotConsented bool      `json:"not_consented"`
	GoodFaith    bool      `json:"good_faith"`
	Mandate      bool      `json:"mandate"`
	MayUsePoints bool      `json:"may_use_points"`
	OpenedAt     time.Time `json:"opened_at"`
	ClosedAt     time.Time `json:"closed_at,omitzero"`
	WatchUntil   time.Time `json:"watch_until,omitzero"`
	PausedAt     time.Time `json:"paused_at,omitzero"`
	LeavingAt    time.Time `json:"leaving_at,omitzero"` // when the withdrawal she asked for takes effect
	AnswersAt    time.Time `json:"answers_at,omitzero"` // when she chose answers for a lost phrase, which we cannot read
	PhraseNewAt  time.Time `json:"phrase_new_at,omitzero"`
}

// DossierContact is how she may be reached.
type DossierContact struct {
	Email     string    `json:"email"`
	Confirmed bool      `json:"confirmed"` // she showed that she reads it
	Wishes    Wishes    `json:"wishes"`
	Frequency Frequency `json:"frequency"`
	News      bool      `json:"news"` // something happened since the last mail
	MailedAt  time.Time `json:"mailed_at,omitzero"`
	Key       string    `json:"openpgp_key"`
	StoppedAt time.Time `json:"stopped_at,omitzero"` // a STOP came back by mail, and she has not said whether it was hers
}

// DossierImage is what is kept of one image or video: hashes, never the image.
type DossierImage struct {
	Number         int           `json:"number"`
	Kind           ReferenceKind `json:"kind"`
	Label          string        `json:"label"`
	PDQ            string        `json:"pdq"` // hex; "" for a clip
	Quality        int           `json:"quality"`
	SignatureBytes int           `json:"signature_bytes"`
	PointsBytes    int           `json:"points_bytes"`
	AddedAt        time.Time     `json:"added_at"`
}

// DossierAddress is one address and all that happened about it.
type DossierAddress struct {
	Number    int              `json:"number"`
	Address   string           `json:"address"`
	Label     string           `json:"label"` // what she calls it
	Host      string           `json:"host"`
	Masked    string           `json:"-"`
	Site      string           `json:"site"` // as the directory calls the host, "" when it does not know it
	FoundBy   Origin           `json:"found_by"`
	Triage    Triage           `json:"triage"`
	Presence  Presence         `json:"presence"`
	Step      Step             `json:"step"`
	GoneSince time.Time        `json:"gone_since,omitzero"`
	Closed    Closing          `json:"closed"`
	ClosedAt  time.Time        `json:"closed_at,omitzero"`
	LookedAt  time.Time        `json:"looked_at,omitzero"`
	SeenAt    time.Time        `json:"seen_at,omitzero"`
	NextLook  time.Time        `json:"next_look,omitzero"`
	AddedAt   time.Time        `json:"added_at"`
	Looks     []DossierLook    `json:"looks"`
	Matches   []DossierMatch   `json:"matches"`
	Requests  []DossierRequest `json:"requests"`
}

// DossierLook is what one look showed.
type DossierLook struct {
	At           time.Time    `json:"at"`
	Saw          Sighting     `json:"saw"`
	Status       int          `json:"status"`
	Failure      Failure      `json:"failure"`
	Says         string       `json:"says"`
	MediaFound   int          `json:"media_found"`
	MediaRead    int          `json:"media_read"`
	VideosFound  int          `json:"videos_found"`
	VideosRead   int          `json:"videos_read"`
	VideoTrouble VideoTrouble `json:"video_trouble"`
	Distance     int          `json:"distance"` // the nearest of her images in bits, -1: none was compared
}

// DossierMatch is a file at the address that is near one of her images.
type DossierMatch struct {
	At           time.Time  `json:"at"`
	Image        int        `json:"image"` // its number
	Media        string     `json:"media"` // the address of the file
	PDQ          string     `json:"pdq"`   // of the file, hex
	Kind         MatchKind  `json:"kind"`
	Distance     int        `json:"distance"`
	Variant      string     `json:"variant"`
	Inverted     bool       `json:"inverted"`
	Points       int        `json:"points"`
	Angle        int        `json:"angle"`
	Share        int        `json:"share"`
	ReferenceBox string     `json:"reference_box"`
	FoundBox     string     `json:"found_box"`
	SpanFrom     int        `json:"span_from"`
	SpanTo       int        `json:"span_to"`
	Verdict      Verdict    `json:"verdict"`
	State        MatchState `json:"state"`
	DecidedAt    time.Time  `json:"decided_at,omitzero"`
}

// DossierRequest is what was asked of one recipient about the address.
type DossierRequest struct {
	Notice    int          `json:"notice"` // its number
	Recipient string       `json:"recipient"`
	Ground    string       `json:"ground"`
	Follows   string       `json:"follows"` // the recipient that was asked in vain before, or ""
	State     RequestState `json:"state"`
	DraftedAt time.Time    `json:"drafted_at"`
	SentAt    time.Time    `json:"sent_at,omitzero"`
	DueAt     time.Time    `json:"due_at,omitzero"`
}

// DossierNotice is one message to a recipient, with its exact text.
type DossierNotice struct {
	Number     int             `json:"number"`
	Kind       NoticeKind      `json:"kind"`
	Follows    int             `json:"follows"` // the number of the notice it reminds of, 0: none
	Recipient  string          `json:"recipient"`
	Ground     string          `json:"ground"`
	Language   Lang            `json:"language"`
	Channel    Channel         `json:"channel"`
	State      NoticeState     `json:"state"`
	Subject    string          `json:"subject"`
	Text       string          `json:"text"`
	Reference  string          `json:"reference"` // what the recipient calls it
	DraftedAt  time.Time       `json:"drafted_at"`
	ApprovedAt time.Time       `json:"approved_at,omitzero"`
	SentAt     time.Time       `json:"sent_at,omitzero"`
	Answers    []DossierAnswer `json:"answers"`
}

// DossierAnswer is that a recipient answered, and what that asks for. Its words
// and its writer's name are another person's.
type DossierAnswer struct {
	At        time.Time   `json:"at"`
	Says      RequestMove `json:"says"`
	Reference string      `json:"reference"`
	State     ReplyState  `json:"state"`
}

// DossierTalk is what she and the team said and asked, and when her space was opened.
type DossierTalk struct {
	Messages  []DossierMessage  `json:"messages"`
	Questions []DossierQuestion `json:"questions"`
	Visits    []DossierVisit    `json:"visits"`
	Renewals  []DossierRenewal  `json:"renewals"`
}

// DossierMessage is one message.
type DossierMessage struct {
	FromTeam bool      `json:"from_team"`
	Text     string    `json:"text"`
	SentAt   time.Time `json:"sent_at"`
	ReadAt   time.Time `json:"read_at,omitzero"` // by the other side
}

// DossierQuestion is one question of the team and her answer.
type DossierQuestion struct {
	Kind       QuestionKind `json:"kind"`
	Words      string       `json:"words"`   // that went along
	Address    int          `json:"address"` // the number of the address it is about, 0: the case
	AskedAt    time.Time    `json:"asked_at"`
	Answer     Answer       `json:"answer"` // "" as long as there is none
	Image      int          `json:"image"`  // the number of the image she named, 0: none, or gone since
	AnsweredAt time.Time    `json:"answered_at,omitzero"`
	SeenAt     time.Time    `json:"seen_at,omitzero"`
}

// DossierRenewal is one asking for another phrase in the place of a lost one.
type DossierRenewal struct {
	State   RecoveryState `json:"state"`
	AskedAt time.Time     `json:"asked_at"`
	CodeAt  time.Time     `json:"code_at,omitzero"`
	EndedAt time.Time     `json:"ended_at,omitzero"`
}

// DossierVisit tells how often her space was opened on a day.
type DossierVisit struct {
	Day   time.Time `json:"day"`
	Times int       `json:"times"`
}

// DossierEvent is one line of the audit of the case, without who of the team it was.
type DossierEvent struct {
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	Role Role      `json:"by"`
	Verb string    `json:"what"`
}

// DossierAudit is the last line of the whole house's audit when it was made: who
// keeps it can later show that no earlier line was changed.
type DossierAudit struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // hex
}

// String prints a placeholder (fmt.Stringer).
func (d Dossier) String() string { return placeholder }

// GoString prints a placeholder for %#v (fmt.GoStringer).
func (d Dossier) GoString() string { return placeholder }

// LogValue logs a placeholder (slog.LogValuer).
func (d Dossier) LogValue() slog.Value { return slog.StringValue(placeholder) }
