package sandbox

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestEveryPageFitsItsType(t *testing.T) {
	u, err := newUI(&Sandbox{})
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]any{
		"start": startPage{}, "hosts": hostsPage{}, "mail": mailPage{}, "letter": letterPage{}, "form": formPage{},
	}
	for _, state := range States() {
		pages["site-"+string(state)] = sitePage{}
	}
	for name, page := range pages {
		one := u.templates.Lookup(name)
		if one == nil {
			t.Errorf("no page %s", name)
			continue
		}
		if err := templatecheck.CheckHTML(one, page); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
