package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// top is the folder of go.mod, seen from here.
const top = "../.."

// exceptions are the files that may do what the rest of the house may not, each for the reason beside it.
var exceptions = map[string][]string{
	"os/exec": {
		"internal/hasher/hasher_linux.go", // starts the limited child which decodes images
		"internal/hasher/video_linux.go",  // starts the limited child which becomes ffmpeg
		"internal/pgtest/pgtest.go",       // starts a throw-away PostgreSQL, in tests only
		"internal/browser/browser.go",     // finds Chromium, in tests only
		"cmd/measure/match.go",            // times Meta\'s program beside ours; for developers only
	},
	"math/rand": {
		"internal/jobs/retry.go", // jitter between tries is no secret
		"cmd/measure/camera.go",  // grain that is the same in every run
		"cmd/measure/search.go",  // hashes that are the same in every run
	},
	"trusted HTML": {"internal/web/trusted.go"}, // the one reviewed file
}

// unescaped are html/template's types which switch its escaping off.
var unescaped = []string{"HTML", "HTMLAttr", "CSS", "JS", "JSStr", "URL", "Srcset"}

var statement = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b`)

func TestGoSourcesKeepTheHouseRules(t *testing.T) {
	seen := 0
	walk(t, func(path, text string) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return
		}
		seen++
		faults, err := goFaults(path, text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, fault := range faults {
			t.Error(fault)
		}
	})
	if seen == 0 {
		t.Error("no Go source was read")
	}
}

func TestGoRulesFindEachPlantedFault(t *testing.T) {
	for _, c := range []struct{ path, body, want string }{
		{"internal/store/a.go", `import "math/rand/v2"; var _ = rand.Int`, "math/rand"},
		{"internal/fetch/a.go", `import "os/exec"; var _ = exec.Command`, "os/exec"},
		{"internal/web/a.go", `import "html/template"; var _ = template.HTML("<b>")`, "trusted HTML"},
		{"internal/web/a.go", `import h "html/template"; func f(s string) h.URL { return h.URL(s) }`, "trusted HTML"},
		{"internal/store/a.go", `import "fmt"; func f(s string) string { return fmt.Sprintf("SELECT "+"a FROM %s", s) }`, "SQL"},
		{"internal/store/a.go", "import \"fmt\"; func f(s string) string { return fmt.Sprintf(`DELETE FROM a WHERE id = %s`, s) }", "SQL"},
		{"internal/store/a.go", `func init() {}`, "init()"},
	} {
		faults, err := goFaults(c.path, "package a\n"+c.body)
		if err != nil || len(faults) == 0 || !strings.Contains(faults[0], c.want) {
			t.Errorf("%s gave %q, %v; want a fault about %q", c.body, faults, err, c.want)
		}
	}
}

func TestGoRulesLeaveHonestSourcesAlone(t *testing.T) {
	for path, body := range map[string]string{
		"internal/hasher/hasher_linux.go": `import "os/exec"; var _ = exec.Command`,
		"internal/jobs/retry.go":          `import "math/rand/v2"; var _ = rand.Int`,
		"internal/web/trusted.go":         `import "html/template"; var _ = template.HTML("<b>")`,
		"internal/web/page.go":            `import "html/template"; var _ template.Template`,
		"internal/web/js.go":              `import "net/url"; var _ url.URL`,
		"internal/store/item.go":          `import "fmt"; var _ = fmt.Errorf("update item %s: %w", "1", nil)`,
		"internal/store/method.go":        `type a struct{}; func (a) init() {}; const q = "SELECT id FROM item"`,
	} {
		if faults, err := goFaults(path, "package a\n"+body); err != nil || len(faults) != 0 {
			t.Errorf("%s: %q, %v", path, faults, err)
		}
	}
}

// goFaults tells what one Go file of the program does against the rules of the house.
func goFaults(path, text string) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	faults := importFaults(path, file)
	templates := localName(file, "html/template")
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil {
				faults = append(faults, path+": init() runs unseen: make it a function that somebody calls")
			}
		case *ast.SelectorExpr:
			if named(n.X, templates) && slices.Contains(unescaped, n.Sel.Name) && !allowed("trusted HTML", path) {
				faults = append(faults, fmt.Sprintf("%s: trusted HTML (template.%s) outside the one reviewed file", path, n.Sel.Name))
			}
		case *ast.CallExpr:
			if writesSQL(n) {
				faults = append(faults, path+": SQL put together by fmt: bind the value with ?")
			}
		}
		return true
	})
	return faults, nil
}

func importFaults(path string, file *ast.File) []string {
	var faults []string
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		for _, banned := range []string{"math/rand", "os/exec"} {
			if (name == banned || name == banned+"/v2") && !allowed(banned, path) {
				faults = append(faults, fmt.Sprintf("%s imports %s: see the exceptions in this test", path, banned))
			}
		}
	}
	return faults
}

func allowed(rule, path string) bool { return slices.Contains(exceptions[rule], path) }

// localName is what a file calls an import, "" when it does not import it.
func localName(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if name, _ := strconv.Unquote(spec.Path.Value); name == path {
			if spec.Name != nil {
				return spec.Name.Name
			}
			return path[strings.LastIndex(path, "/")+1:]
		}
	}
	return ""
}

func named(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && name != "" && id.Name == name
}

// writesSQL says whether a call formats a text that holds a statement.
func writesSQL(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !named(f.X, "fmt") || !strings.HasSuffix(f.Sel.Name, "f") || f.Sel.Name == "Errorf" {
		return false
	}
	found := false
	for _, arg := range call.Args {
		ast.Inspect(arg, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			found = found || ok && literal.Kind == token.STRING && statement.MatchString(literal.Value)
			return true
		})
	}
	return found
}

// walk hands over every file of ours: not what git ignores, not the corpora of tests.
func walk(t *testing.T, visit func(path, text string)) {
	t.Helper()
	skip := []string{".git", ".bin", "node_modules", "testdata"}
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(skip, entry.Name()) || path == filepath.Join(top, "data")):
			return filepath.SkipDir
		case !entry.Type().IsRegular() || !slices.Contains(texts, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, path)
		visit(filepath.ToSlash(name), string(text))
		return err
	})
	if err != nil {
		t.Fatalf("read the sources: %v", err)
	}
}

// texts are the kinds of file a person writes here.
var texts = []string{".go", ".html", ".txt", ".css", ".scss", ".js", ".svg", ".sql", ".sh", ".yml"}
