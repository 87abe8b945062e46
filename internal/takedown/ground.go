package takedown

import "time"

// Element is one thing a legal ground requires of a notice.
type Element string

// The elements of the grounds in use: Regulation (EU) 2022/2065 art. 16(2) and
// 22, and 47 U.S.C. 223a(a)(1)(B).
const (
	NeedsReasons      Element = "reasons_illegal"
	NeedsURL          Element = "exact_url"
	NeedsName         Element = "notifier_name"
	NeedsEmail        Element = "notifier_email"
	NeedsGoodFaith    Element = "good_faith_statement"
	NeedsFlagger      Element = "trusted_flagger_id"
	NeedsSignature    Element = "signature"
	NeedsNonConsent   Element = "non_consent_statement"
	NeedsMandate      Element = "mandate"
	NeedsContact      Element = "contact_info"
	NeedsVerifiedMail Element = "verified_contact"
)

// Elements lists every element.
func Elements() []Element {
	return []Element{
		NeedsReasons, NeedsURL, NeedsName, NeedsEmail, NeedsGoodFaith, NeedsFlagger,
		NeedsSignature, NeedsNonConsent, NeedsMandate, NeedsContact, NeedsVerifiedMail,
	}
}

// Label says in words what is missing and where it is filled in.
func (e Element) Label() Text {
	switch e {
	case NeedsReasons:
		return Text{"le motif d’illégalité", "why it is illegal"}
	case NeedsURL:
		return Text{"au moins une adresse exacte", "at least one exact address"}
	case NeedsName:
		return Text{"le nom de l’association (réglages)", "the association’s name (settings)"}
	case NeedsEmail:
		return Text{"l’adresse électronique de l’association (réglages)", "the association’s e-mail (settings)"}
	case NeedsGoodFaith:
		return Text{"la déclaration de bonne foi de la personne", "the person’s statement of good faith"}
	case NeedsFlagger:
		return Text{"le numéro de signaleur de confiance (réglages)", "the trusted flagger number (settings)"}
	case NeedsSignature:
		return Text{"la signature de l’association (réglages)", "the association’s signature (settings)"}
	case NeedsNonConsent:
		return Text{"la déclaration d’absence d’accord de la personne", "the person’s statement that she did not agree"}
	case NeedsMandate:
		return Text{"le mandat de la personne", "the person’s mandate"}
	case NeedsContact:
		return Text{"les coordonnées de l’association (réglages)", "the association’s contact details (settings)"}
	case NeedsVerifiedMail:
		return Text{"un contact vérifié du destinataire (annuaire)", "a verified contact of the recipient (directory)"}
	}
	return Text{}
}

// Ground is the legal basis of a notice: a row of data, not code.
type Ground struct {
	ID            string
	Country       string // ISO 3166 code, or EU
	Statute       string
	Citation      string
	DeadlineHours int // 0: the ground sets none
	Elements      []Element
}

// Due gives when an answer to a notice sent at the time is over.
func (g Ground) Due(sentAt time.Time) time.Time {
	if g.DeadlineHours > 0 {
		return sentAt.Add(time.Duration(g.DeadlineHours) * time.Hour)
	}
	return sentAt.Add(EscalateAfter)
}

// The grounds of the main job and the two reasons of French criminal law.
const (
	GroundDSA16     = "eu-dsa-16"
	GroundDSA22     = "eu-dsa-22"
	GroundTIDA      = "us-tida"
	ReasonAuthentic = "fr-cp-226-2-1"
	ReasonDeepfake  = "fr-cp-226-8-1"
)

// GroundFor chooses the ground for a recipient: the 48 hours of 47 U.S.C. 223a
// for a platform under United States law alone, else DSA art. 22 where the
// association is a trusted flagger and the recipient an online platform, else
// DSA art. 16, which anyone may use towards any host.
func GroundFor(r Recipient, org Organisation) string {
	switch {
	case r.Kind.Publishes() && r.In("US") && !r.InUnion():
		return GroundTIDA
	case org.FlaggerNumber != "" && r.Kind.Publishes():
		return GroundDSA22
	}
	return GroundDSA16
}

// ReasonFor gives the criminal provision cited as the reason of illegality.
func ReasonFor(h Harm) string {
	if h == HarmDeepfake {
		return ReasonDeepfake
	}
	return ReasonAuthentic
}
