package portal

import (
	"strings"
	"testing"
)

func TestHowFarEveryoneCanUseThisIsSaidWithoutAnAddressThatTells(t *testing.T) {
	v := newHouse(t).visitor()
	v.lang = "en"
	v.get("/")
	v.has(`name="do" value="access" data-t="access"`)
	v.post("/", "do", "access")
	v.has("A service that everyone can use", "counts as “not compliant”", "axe, in a browser: no fault found", "team@harbour.example",
		"defenseurdesdroits.fr", "one that tells could put you in danger", `data-t="criterion" data-state="person"`)
	if v.page.path != "/" || strings.Count(v.page.body, `data-t="theme"`) != 3 || strings.Count(v.page.body, `data-t="criterion"`) != 4 {
		t.Errorf("%s: the grid is not whole, or an address tells of it", v.page.path)
	}
	v.get("/")
	if strings.Contains(v.page.body, "counts as") {
		t.Error("it stays where the first page should be")
	}
}

func TestLanguageOfTheAccessPageCanBeChanged(t *testing.T) {
	v := newHouse(t).visitor()
	v.lang = "fr"
	v.get("/")
	v.post("/", "do", "access")
	v.post("/", "lang", "ar")
	v.has(`<html lang="ar" dir="rtl">`, "خدمة يستطيع الجميع استعمالها", `<p lang="en" dir="ltr"><strong>1.1</strong> An image</p>`, "معيار واحد")
}
