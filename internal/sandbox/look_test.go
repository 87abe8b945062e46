package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"reprise/internal/browser"
)

func TestPagesAreAccessibleAndFitEveryWidthInARealBrowser(t *testing.T) {
	s, chromium := open(t, ""), browser.Start(t)
	e := example(t, s, "refuses")
	notify(t, s, e.Recipient, e.URL)
	for _, o := range []browser.Options{{}, {Dark: true, Width: 390, Height: 844}, {Width: 320, Height: 480}} {
		tab := chromium.Page(t, o)
		for _, path := range []string{"/", "/hosts", "/mail", "/mail/1", "/forms/loupe"} {
			name := fmt.Sprintf("%s at %d dark=%v", path, o.Width, o.Dark)
			tab.Goto(s.URL() + path)
			for _, v := range tab.Axe() {
				t.Errorf("%s: %s", name, v)
			}
			if over := browser.Eval[int](tab, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
				t.Errorf("%s is %d px too wide", name, over)
			}
			if problems := tab.Problems(); len(problems) > 0 {
				t.Errorf("%s: %q", name, problems)
			}
		}
	}
	if met := chromium.Strangers(); len(met) > 0 {
		t.Errorf("the pages reach out to %q", met)
	}
}

func TestWalkersButtonsWorkInARealBrowser(t *testing.T) {
	s := open(t, "")
	tab := browser.Start(t).Page(t, browser.Options{Lang: "fr"})
	e := example(t, s, "removes")
	notify(t, s, e.Recipient, e.URL)
	tab.Goto(s.URL() + "/hosts")
	tab.Submit(browser.T("language"))
	tab.Submit(browser.T("clock-day"))
	if states := tab.Texts(browser.T("page-state")); states[0] != "not found (404)" {
		t.Errorf("after a day the first page is %q", states[0])
	}
	tab.Goto(s.URL() + "/mail/1")
	tab.Submit(browser.T("answer-refused"))
	if said := tab.Text(browser.T("done")); !strings.Contains(said, "on its way") {
		t.Errorf("after the answer one reads %q", said)
	}
}
