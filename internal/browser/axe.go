package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// axeFile is where `make setup` puts axe-core, seen from the top of the house.
const axeFile = "internal/browser/node_modules/axe-core/axe.min.js"

// axeRun asks for what WCAG 2.2 AA asks for, the level the pages promise.
const axeRun = `axe.run(document, {
	runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},
	resultTypes: ['violations'],
}).then(r => JSON.stringify(r.violations.map(v => ({
	rule: v.id, impact: v.impact, help: v.help,
	targets: v.nodes.map(n => n.target.join(' ') + ': ' + n.html),
}))))`

// Violation is one rule of WCAG 2.2 AA which the page breaks, and where.
type Violation struct {
	Rule    string   // axe-core's name of the rule, as "image-alt"
	Impact  string   // minor, moderate, serious or critical
	Help    string   // what to do, in a sentence
	Targets []string // a selector and the source of each element
}

// String tells the violation to the reader of a failed test.
func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", v.Rule, v.Impact, v.Help, strings.Join(v.Targets, "\n\t"))
}

// Axe checks the page as it stands with axe-core and returns what it found, nil when nothing. A clean answer proves
// the absence of machine-findable faults only. The page must have been opened with script on: axe-core needs timers.
func (p *Page) Axe() []Violation {
	p.tb.Helper()
	if p.noScript {
		p.tb.Fatal("browser: axe-core needs a page opened with script on")
	}
	source, err := axeSource()
	if err != nil {
		p.tb.Fatal(err)
	}
	// From the debugger the page's content security policy does not stop it, so the page under test is the real one.
	p.do("load axe-core", chromedp.Evaluate[chromedp.Void](source))
	var found []Violation
	if err := json.Unmarshal([]byte(Eval[string](p, axeRun)), &found); err != nil {
		p.tb.Fatalf("browser: read the answer of axe-core: %v", err)
	}
	return found
}

// axeSource reads axe-core's script, whatever package's folder the test runs in.
func axeSource() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("browser: find the top of the house: %w", err)
	}
	for dir != filepath.Dir(dir) {
		source, err := os.ReadFile(filepath.Join(dir, axeFile))
		if err == nil {
			return string(source), nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("browser: read axe-core: %w", err)
		}
		dir = filepath.Dir(dir)
	}
	return "", fmt.Errorf("browser: %s is not there: run `make setup`", axeFile)
}
