package fetch

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Says is what a page says of itself. It is a hint; the rule about what is gone
// is not made here.
type Says string

// What a page can say.
const (
	SaysContent Says = "content" // there is something to see
	SaysGone    Says = "gone"    // it was removed, or never was
	SaysLogin   Says = "login"   // an account, an age check or a test for robots comes first
	SaysGeo     Says = "geo"     // not shown in this country
	SaysUnclear Says = "unclear"
)

// shortText is the length up to which a page's text is taken for a message: a
// longer text may well speak of removal while it shows everything.
const shortText = 1200

// Phrases are folded as fold does: small letters, no accents, straight
// apostrophes. They are whole messages, not single words, so that an article
// about deletion is not taken for one.
var (
	gonePhrases = []string{
		"not found", "page not found", "no longer available", "no longer exists", "no longer online", "has been removed", "have been removed", "was removed",
		"has been deleted", "was deleted", "been taken down", "was taken down", "does not exist", "doesn't exist", "isn't available",
		"is not available anymore", "video unavailable", "content unavailable", "content is unavailable", "content isn't available",
		"has been disabled", "account suspended", "account has been suspended", "has expired", "removed due to", "removed for violating", "removed by the",
		"n'existe plus", "n'existe pas", "n'est plus disponible", "n'est plus en ligne", "a ete supprime", "ont ete supprime", "a ete retire", "ont ete retire",
		"a ete efface", "a ete desactive", "page introuvable", "page non trouvee", "contenu introuvable", "video introuvable", "est introuvable",
		"contenu indisponible", "contenu non disponible", "video indisponible", "compte suspendu", "a expire",
		"nicht gefunden", "nicht mehr verfugbar", "existiert nicht", "wurde geloscht", "wurde entfernt",
		"no encontrada", "no encontrado", "no existe", "ya no existe", "ya no esta disponible", "ha sido eliminad", "fue eliminad", "ha sido retirad",
		"non trovata", "non trovato", "non esiste", "non e piu disponibile", "e stato rimosso", "e stata rimossa", "e stato eliminato",
		"nao encontrad", "nao existe", "foi removid", "foi excluid", "nao esta mais disponivel",
		"niet gevonden", "bestaat niet", "is verwijderd", "niet meer beschikbaar",
		"nie znaleziono", "nie istnieje", "zostal usuniety", "zostala usunieta", "zostalo usuniete",
		"не наидена", "не наиден", "не существует", "был удален", "была удалена", "было удалено", "страница удалена", "видео удалено",
		"見つかりません", "削除されました", "页面不存在", "已被删除", "sayfa bulunamadi", "kaldirildi",
	}
	loginPhrases = []string{
		"log in to continue", "login to continue", "sign in to continue", "log in to view", "login to view", "sign in to view", "log in to see", "sign in to see",
		"please log in", "please login", "please sign in", "must be logged in", "need to be logged in", "must log in", "must be registered", "login required", "log in or sign up", "members only", "for registered",
		"this account is private", "this profile is private", "verify your age", "age verification", "verify that you are 18", "confirm your age",
		"connectez-vous pour", "veuillez vous connecter", "devez etre connecte", "vous devez vous connecter", "identifiez-vous", "connexion requise", "reserve aux membres", "inscrivez-vous pour",
		"ce compte est prive", "verifiez votre age", "verification de l'age", "verification d'age", "confirmez votre age",
		"melde dich an", "bitte einloggen", "anmelden, um", "inicia sesion para", "debes iniciar sesion", "accedi per", "entre para continuar", "faca login", "log in om", "zaloguj sie",
		"just a moment", "attention required! | cloudflare", "verify you are human", "verify you are not a robot", "are you a robot", "are not a robot", "checking your browser", "security check",
		"unusual traffic", "access denied", "too many requests", "ddos-guard", "complete the captcha", "enable javascript and cookies to continue",
		"verifiez que vous etes humain", "verification de securite", "vous n'etes pas un robot", "n'etes pas un robot", "acces refuse", "trop de requetes",
	}
	geoPhrases = []string{
		"not available in your country", "not available in your region", "not available in your location", "unavailable in your country", "unavailable in your region",
		"isn't available in your country", "isn't available in your region", "blocked in your country", "restricted in your country", "not accessible in your country", "unavailable for legal reasons", "withheld in",
		"pas disponible dans votre pays", "indisponible dans votre pays", "non disponible dans votre pays", "pas accessible depuis votre pays", "pas disponible dans votre region", "bloque dans votre pays",
		"in deinem land nicht verfugbar", "in ihrem land nicht verfugbar", "no esta disponible en tu pais", "no disponible en su pais", "non e disponibile nel tuo paese", "nao esta disponivel no seu pais", "niet beschikbaar in je land",
	}
	challengeMarks = []string{"g-recaptcha", "/recaptcha/", "hcaptcha", "h-captcha", "cf-challenge", "cf-turnstile", "/turnstile/", "_cf_chl_opt", "cdn-cgi/challenge-platform/h/",
		"px-captcha", "captcha-delivery.com", "arkoselabs", "funcaptcha", "captcha-container"}

	goneTitle = regexp.MustCompile(`^(error |erreur )?(404|410)\b|\b(error|erreur) (404|410)\b|\b404$`)
	gonePath  = regexp.MustCompile(`(?i)/(404|not-?found|page-?not-?found|removed|deleted|introuvable)(\.\w+)?/?$`)
	loginPath = regexp.MustCompile(`(?i)/(log-?in|sign-?in|signup|connexion|accounts/login|users/sign_in|auth|checkpoint|age-?(check|gate|verification))(\.\w+)?(/|$)`)
)

// PageSays reads status, title, heading and, if it is short, text. Gone is never
// said of a page that still shows a large picture or a video, nor of one that was
// read in part.
func PageSays(page Page, status int, finalURL string) Says {
	message := fold(page.Title) + "\n" + fold(page.Heading)
	short := len(page.Text) <= shortText
	if short {
		message += "\n" + fold(page.Text)
	}
	shows := showsContent(page)
	if says := byStatus(page, status, message, shows); says != "" {
		return says
	}
	path := ""
	if u, err := url.Parse(finalURL); err == nil {
		path = u.Path
	}
	switch {
	case shows:
		return SaysContent
	case says(message, geoPhrases):
		return SaysGeo
	case short && page.challenge, says(message, loginPhrases), loginPath.MatchString(path), short && page.password:
		return SaysLogin
	case saysGone(page, message) || gonePath.MatchString(path):
		return unlessTruncated(page, SaysGone)
	case len(page.Media) > 0 || len(page.Text) >= 200:
		return SaysContent
	}
	return SaysUnclear
}

// byStatus is what the status alone decides; empty when the page must speak.
func byStatus(page Page, status int, message string, shows bool) Says {
	switch {
	case status == http.StatusUnavailableForLegalReasons, status == http.StatusForbidden && says(message, geoPhrases):
		return SaysGeo
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired, status == http.StatusTooManyRequests:
		return SaysLogin
	case (status == http.StatusNotFound || status == http.StatusGone) && shows:
		return SaysUnclear
	case status == http.StatusNotFound, status == http.StatusGone:
		return SaysGone
	case status == http.StatusServiceUnavailable && (page.challenge || says(message, loginPhrases)):
		return SaysLogin
	case status < 200 || status > 299:
		return SaysUnclear
	}
	return ""
}

func saysGone(page Page, message string) bool {
	return says(message, gonePhrases) || goneTitle.MatchString(fold(page.Title)) || goneTitle.MatchString(fold(page.Heading))
}

func unlessTruncated(page Page, s Says) Says {
	if page.Truncated {
		return SaysUnclear
	}
	return s
}

// showsContent tells a page with a video, or with a picture in its own text that
// is declared at least 400 x 300 or 640 wide. Open Graph pictures do not count:
// error pages carry the site's own.
func showsContent(page Page) bool {
	for _, m := range page.Media {
		switch m.From {
		case "video", "direct":
			return true
		case "img", "srcset", "lazy", "picture", "poster":
			if m.Width >= 400 && m.Height >= 300 || m.Height == 0 && m.Width >= 640 {
				return true
			}
		}
	}
	return false
}

func says(message string, phrases []string) bool {
	for _, p := range phrases {
		if strings.Contains(message, p) {
			return true
		}
	}
	return false
}

func hasChallenge(s string) bool { return says(lowerASCII(s), challengeMarks) }

// fold makes small letters without accents, with straight apostrophes.
func fold(s string) string {
	s = strings.NewReplacer("’", "'", "‘", "'", "\u00a0", " ", "ø", "o", "ł", "l", "ı", "i").Replace(strings.ToLower(s))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}
