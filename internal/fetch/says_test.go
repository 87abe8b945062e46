package fetch

import (
	"strings"
	"testing"
)

func TestPageSaysWhatItIs(t *testing.T) {
	words := strings.Repeat("Words of an article about nothing in particular. ", 40)
	video := "<video src=v.mp4></video>"
	thumbs := strings.Repeat("<img src=thumb.jpg width=320 height=180>", 20)
	for name, row := range map[string]struct {
		status int
		final  string
		page   string
		want   Says
	}{
		"picture":                {200, "", "<title>Holiday</title><img src=a.jpg width=800 height=600>", SaysContent},
		"article":                {200, "", "<title>Deleted photographs</title>" + words + "His account was deleted.", SaysContent},
		"gallery without sizes":  {200, "", "<title>Album</title><img src=a.jpg>", SaysContent},
		"empty":                  {200, "", "<html><div id=app></div>", SaysUnclear},
		"404":                    {404, "", "<h1>Oops</h1>", SaysGone},
		"410 with thumbnails":    {410, "", thumbs, SaysGone},
		"404 with site picture":  {404, "", `<meta property=og:image content=/card.jpg><meta property=og:image:width content=1200>`, SaysGone},
		"30 404 with content":    {404, "", video, SaysUnclear},
		"30 soft 404":            {200, "", "<title>Video removed</title><p>This video has been removed.</p>", SaysGone},
		"soft 404 in heading":    {200, "", "<title>Site</title><h1>Cette page n’existe plus</h1>" + words, SaysGone},
		"soft 404 among thumbs":  {200, "", "<title>Site</title><h1>Vidéo introuvable</h1>" + thumbs, SaysGone},
		"soft 404 in title":      {200, "", "<title>404 - Site</title>", SaysGone},
		"soft 404 German":        {200, "", "<title>Seite nicht gefunden</title>", SaysGone},
		"soft 404 Spanish":       {200, "", "<h1>Página no encontrada</h1>", SaysGone},
		"soft 404 Russian":       {200, "", "<h1>Страница не найдена</h1>", SaysGone},
		"soft 404 Polish":        {200, "", "<h1>Film został usunięty</h1>", SaysGone},
		"supprimé":               {200, "", "<p>Ce contenu a été supprimé par son auteur.", SaysGone},
		"gone by address":        {200, "https://www.example.com/404.html", "<title>Site</title><p>Hello", SaysGone},
		"phrase beside content":  {200, "", "<title>Page not found</title>" + video, SaysContent},
		"phrase in long text":    {200, "", "<title>News</title>" + words + "the file was deleted" + words, SaysContent},
		"number in a title":      {200, "", "<title>Peugeot 404 cabriolet</title>" + words, SaysContent},
		"30 login page":          {200, "https://www.example.com/accounts/login/?next=%2F", "<title>Log in</title><input type=password>", SaysLogin},
		"login wall":             {200, "", "<title>Site</title><p>You must be logged in to view this content.", SaysLogin},
		"login wall French":      {200, "", "<p>Connectez-vous pour continuer", SaysLogin},
		"login form beside page": {200, "", "<title>Album</title><input type=password>" + words, SaysContent},
		"401":                    {401, "", "", SaysLogin},
		"403":                    {403, "", "<h1>Forbidden</h1>", SaysLogin},
		"407":                    {407, "", "", SaysLogin},
		"429":                    {429, "", "", SaysLogin},
		"30 captcha":             {200, "", "<title>Site</title><div class=g-recaptcha></div>", SaysLogin},
		"captcha beside page":    {200, "", "<title>Album</title><img src=a.jpg width=900 height=600><div class=h-captcha></div>", SaysContent},
		"cloudflare":             {503, "", "<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", SaysLogin},
		"age check":              {200, "", "<h1>Vérifiez votre âge</h1>", SaysLogin},
		"451":                    {451, "", "", SaysGeo},
		"30 geo in 403":          {403, "", "<p>This content is not available in your country.", SaysGeo},
		"geo in 200":             {200, "", "<p>Cette vidéo n'est pas disponible dans votre pays.", SaysGeo},
		"500":                    {500, "", "<p>not found", SaysUnclear},
		"503":                    {503, "", "<p>maintenance", SaysUnclear},
		"302":                    {302, "", "", SaysUnclear},
	} {
		page := FindMedia([]byte("<html>"+row.page), "text/html; charset=utf-8", pageURL)
		if got := PageSays(page, row.status, row.final); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}

func TestPageReadInPartIsNeverGone(t *testing.T) {
	page := Page{Title: "Page not found", Truncated: true}
	if got := PageSays(page, 200, ""); got != SaysUnclear {
		t.Errorf("says %s", got)
	}
}

func TestPhrasesAreFolded(t *testing.T) {
	for _, list := range [][]string{gonePhrases, loginPhrases, geoPhrases, challengeMarks} {
		for _, p := range list {
			if fold(p) != p {
				t.Errorf("%q can never be found: it folds to %q", p, fold(p))
			}
		}
	}
}
