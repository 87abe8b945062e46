package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the path every package of ours begins with.
const module = "reprise/"

// floor says what the packages of one line of the house may import.
type floor struct {
	may   string // packages of ours, parted by spaces; "*" is all
	never string // packages of others, parted by spaces; a name stands for everything below it too
	plain bool   // of others, the standard library only
	tests string // packages of ours which the tests may import beside these and the tools for tests
}

// floors is the table of the house. Down is the only direction; a package without a line here is a mistake.
var floors = map[string]floor{
	// main turns into the limited child of hasher before anything of the house is opened.
	"cmd/reprise":  {may: "internal/app internal/hasher"},
	"internal/app": {may: "*"},

	// For developers: what matching finds, and how fast.
	"cmd/measure": {may: "internal/edits internal/picture internal/phash internal/keypoints internal/hashindex internal/takedown"},

	"internal/web":         {may: "internal/takedown templates static", never: "database/sql github.com/jmoiron/sqlx"},
	"internal/web/portal":  {may: "internal/takedown internal/web internal/textfile templates static", never: "database/sql github.com/jmoiron/sqlx", tests: below},
	"internal/web/console": {may: "internal/takedown internal/web internal/casework templates static", never: "database/sql github.com/jmoiron/sqlx", tests: below},
	"internal/web/partner": {may: "internal/takedown internal/web internal/casework", never: "database/sql github.com/jmoiron/sqlx", tests: below},

	"internal/casework": {
		may:   "internal/takedown internal/store internal/mail internal/fetch internal/picture internal/phash internal/keypoints internal/hasher internal/hashindex internal/likeness internal/secret internal/jobs",
		never: "os html/template github.com/labstack",
		tests: "migrations templates",
	},

	// The person's side, on the frame of casework.
	"internal/reporter": {
		may:   "internal/casework internal/takedown internal/store internal/mail internal/secret internal/proof",
		never: "os html/template github.com/labstack",
		tests: "migrations templates internal/jobs internal/fetch internal/hasher internal/phash internal/keypoints",
	},

	"internal/store": {may: "internal/takedown internal/secret migrations", never: "net/http net/smtp html/template github.com/labstack"},
	"internal/mail":  {may: "internal/takedown templates", never: "database/sql github.com/labstack"},

	// The proof document, as a tool beside the rules: a dossier in, a PDF out.
	"internal/proof": {may: "internal/takedown", never: "os net net/http database/sql html/template"},

	// How near what was found is to what was given, in the words of the rules.
	"internal/likeness": {may: "internal/takedown internal/phash internal/keypoints internal/hasher", never: "os net net/http database/sql html/template"},

	"internal/takedown": {plain: true, never: "os io/fs os/exec net net/http net/mail net/smtp database/sql log html/template"},

	// Tools know nothing of our work.
	"internal/edits":     {},
	"internal/fetch":     {},
	"internal/hashindex": {may: "internal/phash"},
	"internal/jobs":      {},
	"internal/keypoints": {plain: true, never: "os io/fs os/exec net net/http database/sql log", tests: "internal/picture"},
	"internal/picture":   {},
	"internal/phash":     {may: "internal/picture", never: "os os/exec golang.org/x/sys"},
	"internal/hasher":    {may: "internal/picture internal/phash internal/keypoints"},
	"internal/secret":    {},
	"internal/textfile":  {},

	// The trial house: a made-up internet and its mailbox.
	"internal/mailbox": {},
	"internal/sandbox": {may: "internal/mailbox templates static", tests: "internal/fetch internal/mail internal/hasher internal/phash"},

	// Imported by tests alone.
	"internal/bombs":   {},
	"internal/browser": {},
	"internal/journey": {may: "*"},
	"internal/pgtest":  {},

	// Data and words: an embedded file system and nothing else.
	"migrations": {plain: true, never: "os net database/sql"},
	"static":     {plain: true, never: "os net database/sql"},
	"templates":  {plain: true, never: "os net database/sql"},
}

// below is what stands under the doors: their tests walk through real parts, where the door itself may not look.
const below = "internal/casework internal/reporter internal/store internal/mail internal/fetch internal/picture internal/phash internal/keypoints internal/hasher internal/hashindex internal/secret internal/jobs migrations"

// testTools may be imported by every test, and (but for the two of the trial house, and the edits that matching is
// measured by) by nothing else.
const testTools = "internal/bombs internal/browser internal/edits internal/pgtest internal/mailbox internal/sandbox"

// pkg is what `go list` says of one package.
type pkg struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

func TestEveryImportPointsDown(t *testing.T) {
	packages := listPackages(t)
	if len(packages) == 0 {
		t.Fatal("go list named no package")
	}
	for _, p := range packages {
		for _, fault := range breaches(p) {
			t.Error(fault)
		}
	}
}

func TestFloorsRefuseWhatTheHouseForbids(t *testing.T) {
	for _, c := range []struct {
		p    pkg
		want string
	}{
		{pkg{ImportPath: "reprise/internal/helpers"}, "no line"},
		{pkg{ImportPath: "reprise/internal/takedown", Imports: []string{"reprise/internal/secret"}}, "internal/secret"},
		{pkg{ImportPath: "reprise/internal/takedown", Imports: []string{"golang.org/x/net/idna"}}, "standard library"},
		{pkg{ImportPath: "reprise/internal/takedown", Imports: []string{"net/http"}}, "net/http"},
		{pkg{ImportPath: "reprise/internal/web/portal", Imports: []string{"reprise/internal/casework"}}, "internal/casework"},
		{pkg{ImportPath: "reprise/internal/web/portal", Imports: []string{"reprise/internal/web/console"}}, "internal/web/console"},
		{pkg{ImportPath: "reprise/internal/web/console", Imports: []string{"reprise/internal/store"}}, "internal/store"},
		{pkg{ImportPath: "reprise/internal/casework", Imports: []string{"github.com/labstack/echo/v4"}}, "echo"},
		{pkg{ImportPath: "reprise/internal/phash", Imports: []string{"reprise/internal/takedown"}}, "internal/takedown"},
		{pkg{ImportPath: "reprise/internal/store", Imports: []string{"reprise/internal/pgtest"}}, "internal/pgtest"},
		{pkg{ImportPath: "reprise/internal/app", Imports: []string{"reprise/internal/browser"}}, "tests only"},
		{pkg{ImportPath: "reprise/internal/store", XTestImports: []string{"reprise/internal/app"}}, "internal/app"},
		{pkg{ImportPath: "reprise/internal/store", TestImports: []string{"reprise/internal/casework"}}, "internal/casework"},
	} {
		if faults := breaches(c.p); len(faults) != 1 || !strings.Contains(faults[0], c.want) {
			t.Errorf("%+v gave %q, want one fault about %q", c.p, faults, c.want)
		}
	}
}

func TestFloorsAllowWhatTheHouseAllows(t *testing.T) {
	for _, p := range []pkg{
		{ImportPath: "reprise/internal/takedown", Imports: []string{"net/url", "time"}},
		{ImportPath: "reprise/internal/casework", Imports: []string{"reprise/internal/store", "reprise/internal/jobs"}},
		{ImportPath: "reprise/internal/store", Imports: []string{"github.com/jmoiron/sqlx"}, TestImports: []string{"reprise/internal/pgtest"}},
		{ImportPath: "reprise/internal/app", Imports: []string{"reprise/internal/web/portal", "reprise/internal/sandbox"}},
		{ImportPath: "reprise/internal/journey", XTestImports: []string{"reprise/internal/app", "reprise/internal/browser"}},
		{ImportPath: "reprise/internal/web/portal", XTestImports: []string{"reprise/internal/web/portal", "reprise/internal/casework"}},
	} {
		if faults := breaches(p); len(faults) != 0 {
			t.Errorf("%s: %q", p.ImportPath, faults)
		}
	}
}

// breaches tells every import of a package which the table does not allow.
func breaches(p pkg) []string {
	name := strings.TrimPrefix(p.ImportPath, module)
	rule, known := floors[name]
	if !known {
		return []string{name + " has no line in the table of floors: say first what it may import"}
	}
	var faults []string
	for _, path := range p.Imports {
		faults = append(faults, breach(name, rule, path)...)
	}
	for _, path := range append(slices.Clone(p.TestImports), p.XTestImports...) {
		ours, isOurs := strings.CutPrefix(path, module)
		if isOurs && ours != name && !listed(rule.may+" "+rule.tests+" "+testTools, ours) {
			faults = append(faults, fmt.Sprintf("the tests of %s may not import %s", name, ours))
		}
	}
	return faults
}

// breach judges one import of the program itself.
func breach(name string, rule floor, path string) []string {
	ours, isOurs := strings.CutPrefix(path, module)
	switch {
	case isOurs && slices.Contains([]string{"internal/browser", "internal/pgtest", "internal/journey"}, ours):
		return []string{fmt.Sprintf("%s imports %s, which is for tests only", name, ours)}
	case isOurs && !listed(rule.may, ours):
		return []string{fmt.Sprintf("%s may not import %s", name, ours)}
	case !isOurs && forbidden(rule.never, path):
		return []string{fmt.Sprintf("%s must never import %s", name, path)}
	case !isOurs && rule.plain && strings.Contains(strings.Split(path, "/")[0], "."):
		return []string{fmt.Sprintf("%s imports %s, but is for the standard library only", name, path)}
	}
	return nil
}

func listed(names, name string) bool {
	list := strings.Fields(names)
	return slices.Contains(list, "*") || slices.Contains(list, name)
}

// forbidden takes a module's name for all its packages, but a package of the standard library for itself alone:
// net/url is not net.
func forbidden(names, path string) bool {
	return slices.ContainsFunc(strings.Fields(names), func(n string) bool {
		return path == n || strings.Contains(n, ".") && strings.HasPrefix(path, n+"/")
	})
}

// listPackages asks the go command for every package there is, finished or not.
func listPackages(t *testing.T) []pkg {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-e", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	command.Dir = top
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list: %v: %s", err, complaint.String())
	}
	var packages []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatalf("read the answer of go list: %v", err)
		}
		packages = append(packages, p)
	}
}
