package mail

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Hint is what an answer seems to say. The empty Hint says nothing.
type Hint string

// The hints. Each names the state of a request that it points to.
const (
	HintAcknowledged Hint = "acknowledged"
	HintRemoved      Hint = "removed"
	HintRefused      Hint = "refused"
	HintMoreInfo     Hint = "more_info"
	HintBounced      Hint = "bounced"
)

// Suggestion is a guess at an answer, for a person to confirm. It is never applied by
// itself: a promise is no removal, and anybody can write "removed".
type Suggestion struct {
	Hint      Hint
	Because   string // the sentence of the answer that led to the hint; "" for bounces
	Reference string // the platform's own number of our request, if it gives one
}

// phrases are looked for in single sentences, lower-case and without accents. The
// first list that matches anywhere wins: a "no" outweighs the thanks around it.
var phrases = []struct {
	hint  Hint
	words []string
}{
	{HintBounced, []string{
		"could not be delivered", "delivery has failed", "address not found", "no longer monitored", "mailbox is not monitored",
		"does not accept e-mail", "n'a pas pu etre remis", "n'a pas pu etre distribue", "adresse n'est plus", "boite n'est plus",
	}},
	{HintRefused, []string{
		"does not violate", "doesn't violate", "not violate our", "did not find a violation", "not in violation", "does not go against", "doesn't go against",
		"unable to remove", "cannot remove", "can't remove", "will not remove", "won't remove", "not be removed", "not be able to remove",
		"unable to take action", "cannot take action", "no action will be taken", "decided not to", "not hosted by us", "do not host", "don't host",
		"unable to assist", "request has been denied", "request was rejected", "has been rejected",
		"n'enfreint pas", "ne viole pas", "ne contrevient pas", "n'est pas contraire", "pas en mesure de retirer", "pas en mesure de supprimer",
		"ne pouvons pas retirer", "ne pouvons pas supprimer", "ne pouvons pas donner suite", "ne donnerons pas suite", "ne sera pas retire", "ne sera pas supprime",
		"n'hebergeons pas", "ne sommes pas l'hebergeur", "demande est rejetee", "demande a ete rejetee", "refusons",
	}},
	{HintMoreInfo, []string{
		"need more information", "need additional information", "require more information", "require additional information", "need further information",
		"please provide", "please send us", "please specify", "please clarify", "please confirm", "could you provide", "can you provide", "could you please",
		"must provide", "missing information", "incomplete", "unable to locate the", "could not find the content", "unable to verify",
		"besoin de plus d'information", "besoin d'informations", "informations complementaires", "informations supplementaires", "veuillez fournir",
		"veuillez preciser", "veuillez nous", "merci de preciser", "merci de fournir", "merci de nous", "pourriez-vous", "pouvez-vous", "il nous manque",
		"demande est incomplete", "justificatif",
	}},
	{HintRemoved, []string{
		"has been removed", "have been removed", "was removed", "were removed", "have removed", "we removed", "we've removed", "has removed",
		"has been deleted", "have been deleted", "have deleted", "was deleted", "been taken down", "have taken down", "taken it down", "took down",
		"no longer available", "no longer accessible", "has been disabled", "have disabled", "been delisted", "removed the content", "content is now offline",
		"a ete supprime", "ont ete supprime", "avons supprime", "a ete retire", "ont ete retire", "avons retire", "a bien ete retire", "a bien ete supprime",
		"n'est plus accessible", "n'est plus disponible", "ne sont plus accessibles", "ne sont plus disponibles", "a ete desactive", "avons desactive",
		"a ete dereference", "avons dereference",
	}},
	{HintAcknowledged, []string{
		"have received your", "we received your", "we've received your", "has been received", "was received", "received your request", "received your report",
		"thank you for contacting", "thanks for contacting", "thank you for your report", "thanks for your report", "thank you for reporting",
		"is being reviewed", "will review", "are reviewing", "looking into", "under review", "ticket has been created", "request has been created", "will get back to you",
		"avons bien recu", "avons recu votre", "bien ete recu", "bien ete enregistre", "accusons reception", "accuse de reception", "merci pour votre signalement",
		"merci de nous avoir contact", "merci d'avoir contact", "en cours d'examen", "en cours de traitement", "est prise en compte", "a ete prise en compte", "reviendrons vers vous",
	}},
}

// conditional begins a sentence that promises or asks nothing yet.
var conditional = regexp.MustCompile(`^(if|once|when|should|unless|in case|in the event|si|s'il|lorsque|des que|une fois|en cas|au cas|dans le cas)\b`)

// polite is no question for more, though it begins like one.
var polite = regexp.MustCompile(`merci de nous avoir|merci de nous contacter|please provide feedback|please confirm receipt`)

// Suggest guesses what an answer says. What is quoted in it is ours and does not count.
func Suggest(r Reply) Suggestion {
	result := Suggestion{Reference: reference(r.Subject, r.Fresh)}
	if r.Bounce != nil {
		if r.Bounce.Permanent {
			result.Hint = HintBounced
		}
		return result
	}
	sentences := sentencesOf(r.Fresh)
	for _, list := range phrases {
		for _, sentence := range sentences {
			if says(sentence, list.hint, list.words) {
				result.Hint, result.Because = list.hint, sentence
				return result
			}
		}
	}
	return result
}

func says(sentence string, hint Hint, words []string) bool {
	plain := plainWords(sentence)
	if hint != HintAcknowledged && conditional.MatchString(plain) {
		return false
	}
	if hint == HintMoreInfo && polite.MatchString(plain) {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(plain, w) })
}

var sentenceEnd = regexp.MustCompile(`[.!?…]+(?:\s+|$)|\n{2,}|\n\s*[-*•]\s`)

const (
	maxSentences = 200
	maxSentence  = 500 // bytes
)

func sentencesOf(text string) []string {
	var sentences []string
	for _, part := range sentenceEnd.Split(text, maxSentences) {
		part = strings.Join(strings.Fields(part), " ")
		if len(part) > maxSentence {
			part = cutBytes(part, maxSentence)
		}
		if part != "" {
			sentences = append(sentences, part)
		}
	}
	return sentences
}

// plainWords is lower-case, without accents, with straight apostrophes.
func plainWords(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’' || r == '‘':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

var references = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:ticket|case|request|report|reference|référence|ref|réf|dossier|incident|signalement|demande)\b[\s.]{0,2}(?:id|number|numéro|no|n°|nº|num)?[\s.:#(\[]{0,4}([a-z0-9][a-z0-9-]{2,39})\b`),
	regexp.MustCompile(`(?i)[\[(]#?([a-z]{0,10}-?[0-9][a-z0-9-]{3,39})[\])]`),
	regexp.MustCompile(`#([0-9]{4,20})\b`),
}

var threeDigits = regexp.MustCompile(`[0-9].*[0-9].*[0-9]`)

// reference finds the number that the platform gave to our request; in the subject first.
func reference(texts ...string) string {
	for _, text := range texts {
		for _, pattern := range references {
			for _, found := range pattern.FindAllStringSubmatch(text, 20) {
				if threeDigits.MatchString(found[1]) {
					return found[1]
				}
			}
		}
	}
	return ""
}
