package takedown

import (
	"errors"
	"testing"
	"time"
)

func TestARecipientCoversItsDomainsAndNoOthers(t *testing.T) {
	for _, c := range []struct {
		domains []string
		host    string
		want    int
	}{
		{[]string{"videos.example"}, "videos.example", 14},
		{[]string{"videos.example"}, "www.videos.example", 14},
		{[]string{"videos.example"}, "a.b.c.videos.example", 14},
		{[]string{"videos.example"}, "notvideos.example", 0},
		{[]string{"videos.example"}, "videos.example.evil.com", 0},
		{[]string{"videos.example"}, "videos", 0},
		{[]string{"videos.example"}, "", 0},
		{[]string{""}, "videos.example", 0},
		{nil, "videos.example", 0},
		{[]string{"videos.example", "cdn.videos.example"}, "img.cdn.videos.example", 18},
		{[]string{"cdn.videos.example", "videos.example"}, "img.cdn.videos.example", 18},
		{[]string{"cdn.videos.example", "videos.example"}, "www.videos.example", 14},
		{[]string{"google.*"}, "google.com", 8},
		{[]string{"google.*"}, "google.fr", 8},
		{[]string{"google.*"}, "www.google.de", 8},
		{[]string{"google.*"}, "google.co.uk", 8},
		{[]string{"google.*"}, "www.google.com.au", 8},
		{[]string{"google.*"}, "images.google.co.jp", 8},
		{[]string{"google.*"}, "google.xn--p1ai", 8},
		{[]string{"google.*"}, "google.evil.com", 0},
		{[]string{"google.*"}, "google.blogspot.com", 0},
		{[]string{"google.*"}, "google.co.evil", 0},
		{[]string{"google.*"}, "google.com.evil.com", 0},
		{[]string{"google.*"}, "google.co.uk.evil.com", 0},
		{[]string{"google.*"}, "notgoogle.com", 0},
		{[]string{"google.*"}, "my-google.com", 0},
		{[]string{"google.*"}, "google", 0},
		{[]string{"google.*"}, "google.", 0},
		{[]string{"google.*"}, "googleusercontent.com", 0},
		{[]string{"google.*"}, "google.google.com", 8},
		{[]string{"google.*", "google.com"}, "google.com", 10},
		{[]string{"google.*", "drive.google.com"}, "drive.google.com", 16},
	} {
		if got := (Recipient{Domains: c.domains}).Covers(c.host); got != c.want {
			t.Errorf("%v covers %q: got %d, want %d", c.domains, c.host, got, c.want)
		}
	}
}

func TestNoNoticeGoesToAnUnverifiedContactOrAnOperatorWhoMustNotKnow(t *testing.T) {
	for _, channel := range Channels() {
		for _, filled := range []bool{false, true} {
			r := Recipient{Channel: channel}
			if filled {
				r.Email, r.FormURL = "abuse@host.example", "https://host.example/report"
			}
			if r.Reachable() {
				t.Errorf("%s is reachable though nobody verified it", channel)
			}
			if askable := channel != EscalateOnly && channel != NoChannel; r.Askable() != askable {
				t.Errorf("%s is askable: %v", channel, r.Askable())
			}
			err := r.Verify("account-1", noon)
			want := channel == InApp || filled && (channel == ByMail || channel == ByForm)
			if (err == nil) != want || r.Reachable() != want || want && (r.VerifiedBy != "account-1" || r.VerifiedAt != noon) {
				t.Errorf("%s, filled in %v: verified %v, reachable %v", channel, filled, err, r.Reachable())
			}
			r.VerifiedAt = noon
			if r.Reachable() != want {
				t.Errorf("%s, filled in %v, with a date: reachable %v", channel, filled, r.Reachable())
			}
		}
	}
}

func TestVerifyAndSoundSayWhatIsMissing(t *testing.T) {
	whole := Recipient{Name: "Host", Kind: KindHost, Channel: ByMail, Email: "abuse@host.example", FormURL: "https://host.example/report"}
	with := func(change func(*Recipient)) Recipient {
		r := whole
		change(&r)
		return r
	}
	for _, c := range []struct {
		name string
		r    Recipient
		want error
	}{
		{"whole", whole, nil},
		{"by form", with(func(r *Recipient) { r.Channel, r.Email = ByForm, "" }), nil},
		{"nobody has found a contact", with(func(r *Recipient) { r.Channel, r.Email, r.FormURL = NoChannel, "", "" }), nil},
		{"no name", with(func(r *Recipient) { r.Name = "" }), Refuse(Invalid, "error.recipient_name")},
		{"no kind", with(func(r *Recipient) { r.Kind = "" }), Refuse(Invalid, "error.recipient_kind")},
		{"another channel", with(func(r *Recipient) { r.Channel = "fax" }), Refuse(Invalid, "error.recipient_kind")},
		{"no e-mail", with(func(r *Recipient) { r.Email = "" }), Refuse(Invalid, "error.recipient_email")},
		{"no form", with(func(r *Recipient) { r.Channel, r.FormURL = ByForm, "" }), Refuse(Invalid, "error.recipient_form")},
	} {
		if got := c.r.Sound(); !errors.Is(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	r := with(func(r *Recipient) { r.Email = "" })
	if err := r.Verify("account-1", noon); KindOf(err) != Conflict || !r.VerifiedAt.IsZero() {
		t.Errorf("a contact that is not there was verified: %v", err)
	}
}

func TestWhereARecipientIsEstablished(t *testing.T) {
	for country, union := range map[string]bool{"FR": true, "IE": true, "EU": true, "US": false, "GB": false, "": false, "fr": false} {
		r := Recipient{Countries: []string{"CH", country}}
		if r.InUnion() != union || !r.In(country) || r.In("JP") {
			t.Errorf("%q: in the Union %v", country, r.InUnion())
		}
	}
	if (Recipient{}).InUnion() || len(unionCountries) != 28 {
		t.Errorf("the list holds %d, want 27 countries and EU itself", len(unionCountries))
	}
}

func TestWhoPublishes(t *testing.T) {
	publishes := map[RecipientKind]bool{KindPlatform: true, KindAdult: true, KindForum: true, KindStorage: true}
	for _, k := range RecipientKinds() {
		if k.Publishes() != publishes[k] {
			t.Errorf("%s publishes: %v", k, k.Publishes())
		}
	}
}

func TestTheGroundForARecipient(t *testing.T) {
	flagger := Organisation{FlaggerNumber: "TF-1"}
	for _, c := range []struct {
		kind      RecipientKind
		countries []string
		org       Organisation
		want      string
	}{
		{KindPlatform, []string{"US"}, Organisation{}, GroundTIDA},
		{KindPlatform, []string{"US"}, flagger, GroundTIDA},
		{KindAdult, []string{"US", "CY"}, Organisation{}, GroundDSA16},
		{KindAdult, []string{"US", "CY"}, flagger, GroundDSA22},
		{KindForum, nil, flagger, GroundDSA22},
		{KindStorage, []string{"NZ"}, Organisation{}, GroundDSA16},
		{KindHost, []string{"US"}, flagger, GroundDSA16},
		{KindSearch, []string{"US", "IE"}, flagger, GroundDSA16},
		{KindCDN, []string{"US"}, Organisation{}, GroundDSA16},
		{KindRegistrar, []string{"US"}, Organisation{}, GroundDSA16},
	} {
		if got := GroundFor(Recipient{Kind: c.kind, Countries: c.countries}, c.org); got != c.want {
			t.Errorf("%s in %v, flagger %q: %s, want %s", c.kind, c.countries, c.org.FlaggerNumber, got, c.want)
		}
	}
	for _, h := range Harms() {
		want := ReasonAuthentic
		if h == HarmDeepfake {
			want = ReasonDeepfake
		}
		if got := ReasonFor(h); got != want {
			t.Errorf("%s: %s, want %s", h, got, want)
		}
	}
}

func whole() NoticeFacts {
	return NoticeFacts{
		Notifier:  Organisation{Name: "Asso", Address: "1 rue", Email: "notices@asso.example", Country: "FR", FlaggerNumber: "TF-1"},
		Recipient: "Host", Reachable: true, Ground: Ground{ID: GroundDSA22, Elements: Elements()},
		Reason: Ground{Citation: "Code pénal, art. 226-2-1"}, Statements: Statements{true, true, true},
		Addresses: []string{"https://a.example/x"}, Ref: "N-1", Date: time.Time{},
	}
}

func TestEachElementThatIsNotThereIsNamed(t *testing.T) {
	if missing := whole().Missing(); len(missing) != 0 {
		t.Errorf("a whole notice lacks %v", missing)
	}
	for element, take := range map[Element]func(*NoticeFacts){
		NeedsReasons:      func(f *NoticeFacts) { f.Reason = Ground{} },
		NeedsURL:          func(f *NoticeFacts) { f.Addresses = nil },
		NeedsName:         func(f *NoticeFacts) { f.Notifier.Name = "" },
		NeedsSignature:    func(f *NoticeFacts) { f.Notifier.Name = "" },
		NeedsEmail:        func(f *NoticeFacts) { f.Notifier.Email = "" },
		NeedsContact:      func(f *NoticeFacts) { f.Notifier.Address = "" },
		NeedsGoodFaith:    func(f *NoticeFacts) { f.Statements.GoodFaith = false },
		NeedsNonConsent:   func(f *NoticeFacts) { f.Statements.NotConsented = false },
		NeedsMandate:      func(f *NoticeFacts) { f.Statements.Mandate = false },
		NeedsFlagger:      func(f *NoticeFacts) { f.Notifier.FlaggerNumber = "" },
		NeedsVerifiedMail: func(f *NoticeFacts) { f.Reachable = false },
		"made_up":         func(*NoticeFacts) {},
	} {
		f := whole()
		f.Ground.Elements = []Element{element}
		if element == NeedsVerifiedMail {
			f.Ground.Elements = nil // asked for on every ground
		}
		take(&f)
		if missing := f.Missing(); len(missing) != 1 || missing[0] != element {
			t.Errorf("without %s: missing %v", element, missing)
		}
		f.Ground.Elements = nil
		if missing := f.Missing(); element != NeedsVerifiedMail && element != NeedsURL && len(missing) != 0 {
			t.Errorf("a ground that does not ask for %s: missing %v", element, missing)
		}
	}
	f := whole()
	f.Notifier.Email = ""
	f.Ground.Elements = []Element{NeedsContact}
	if missing := f.Missing(); len(missing) != 1 {
		t.Errorf("contact details without an e-mail: missing %v", missing)
	}
	if missing := (NoticeFacts{Ground: Ground{Elements: Elements()}}).Missing(); len(missing) < len(Elements()) {
		t.Errorf("an empty notice lacks only %v", missing)
	}
}
