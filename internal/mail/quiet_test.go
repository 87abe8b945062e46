package mail

import (
	"strings"
	"testing"
	"time"

	"reprise/internal/takedown"
)

// What nobody who sees a telephone light up may read (SAFETY 5.3).
var telling = map[takedown.Lang][]string{
	"fr": {"reprise", "image", "photo", "vidéo", "intim", "dossier", "retrait", "signal", "victim", "plainte", "viol", "associa", "aide", "supprim", "adresse", "phrase"},
	"en": {"reprise", "image", "photo", "video", "intim", "case", "removal", "takedown", "report", "victim", "abuse", "associa", "help", "delet", "address", "phrase"},
	"es": {"reprise", "imagen", "foto", "vídeo", "íntim", "caso", "retirada", "denuncia", "víctima", "abus", "asocia", "ayuda", "elimin", "dirección", "frase"},
	"ar": {"صور", "فيديو", "حميم", "ملف", "إزالة", "بلاغ", "ضحية", "إساءة", "جمعية", "مساعدة", "حذف", "عنوان", "عبارة"},
}

func TestMailsToAPersonTellNothing(t *testing.T) {
	for lang, words := range telling {
		for name, compose := range map[string]func() (string, string, error){
			"update": func() (string, string, error) { return ComposeUpdate(lang, true) },
			"code":   func() (string, string, error) { return ComposeCode(lang, "482913", false) },
			"day":    func() (string, string, error) { return ComposeCode(lang, "482913", true) },
		} {
			subject, body, err := compose()
			if err != nil {
				t.Fatal(err)
			}
			raw, err := Build(Message{ID: MessageID("abc", "post.example"), From: "information@post.example", To: "she@example.org", Subject: subject, Body: body, AutoSubmitted: true}, time.Unix(0, 0))
			if err != nil {
				t.Fatal(err)
			}
			preview := strings.ToLower(subject + "\n" + string([]rune(body)[:min(140, len([]rune(body)))]))
			for _, word := range words {
				if strings.Contains(preview, word) {
					t.Errorf("%s in %s says %q", name, lang, word)
				}
			}
			for _, link := range []string{"http", "www.", "://", "List-Unsubscribe", "Disposition-Notification-To"} {
				if strings.Contains(string(raw), link) {
					t.Errorf("%s in %s has %q", name, lang, link)
				}
			}
			if !strings.Contains(string(raw), "<abc@post.example>") {
				t.Errorf("%s in %s: another Message-ID than of the neutral sender", name, lang)
			}
			if strings.HasPrefix(name, "code") && !strings.Contains(body, "482913") {
				t.Errorf("%s in %s has no code", name, lang)
			}
		}
	}
}
