package takedown

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	html "html/template"
	"io"
	"log/slog"
	"strings"
	"testing"
	"text/template"
)

const personal = "lea.dupont@mail.example"

// holders are the shapes in which a personal value travels.
func holders() map[string]any {
	p := NewPrivate(personal)
	type inner struct{ hidden Private }
	type outer struct {
		Shown  Private
		hidden Private
		Deep   *inner
		Many   []Private
	}
	return map[string]any{
		"itself": p, "pointer": &p, "slice": []Private{p, p}, "pointers": []*Private{&p}, "array": [1]Private{p},
		"map value": map[string]Private{"a": p}, "map key": map[Private]int{p: 1}, "any": []any{p},
		"unexported": inner{p}, "struct": outer{p, p, &inner{p}, []Private{p}}, "slice of structs": []outer{{Shown: p, hidden: p}},
		"Contact": Contact{Email: p}, "Case": Case{Number: p, Contact: Contact{Email: p}}, "Item": Item{Address: p, Host: p}, "items": []Item{{Address: p}},
		"Match": Match{Media: p}, "Notice": &Notice{Subject: p, Body: p}, "Reply": Reply{From: p, Subject: p, Text: p}, "Reference": Reference{Label: p},
	}
}

// tells fails when printed gives the value away, in any spelling of its bytes.
func tells(t *testing.T, how, printed string) {
	t.Helper()
	for _, spelling := range []string{
		personal, "dupont", hex.EncodeToString([]byte(personal)), base64.StdEncoding.EncodeToString([]byte(personal)),
		strings.Trim(fmt.Sprint([]byte(personal)), "[]"), fmt.Sprintf("% x", personal), fmt.Sprintf("%U", []rune(personal)[0:2]),
	} {
		if strings.Contains(strings.ToLower(printed), strings.ToLower(spelling)) {
			t.Errorf("%s prints %q", how, printed)
		}
	}
}

func TestNoVerbPrintsAPersonalValue(t *testing.T) {
	for name, v := range holders() {
		for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "40", ".3", "# "} {
			for verb := 'A'; verb <= 'z'; verb++ {
				if verb > 'Z' && verb < 'a' {
					continue
				}
				format := "%" + flags + string(verb)
				tells(t, name+" with "+format, fmt.Sprintf(format, v))
			}
		}
		tells(t, name+" printed", fmt.Sprint(v)+fmt.Sprintln(v))
		tells(t, name+" wrapped", fmt.Errorf("read %v: %w", v, io.EOF).Error())
		tells(t, name+" appended", string(fmt.Append(nil, v)))
	}
	p := NewPrivate(personal)
	tells(t, "String", p.String()+p.GoString())
	if got := fmt.Sprintf("%v %s %q %x %d %#v", p, p, p, p, p, p); got != strings.TrimSpace(strings.Repeat("[private] ", 6)) {
		t.Errorf("printed %q", got)
	}
}

func TestNoLogPrintsAPersonalValue(t *testing.T) {
	for name, v := range holders() {
		var out bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			log := slog.New(h)
			log.Info("item", "value", v, slog.Group("of", "value", v))
			log.With("value", v).Error("failed", "err", errors.Join(fmt.Errorf("%+v", v)))
		}
		tells(t, name+" logged", out.String())
	}
}

func TestNoEncoderPrintsAPersonalValue(t *testing.T) {
	for name, v := range holders() {
		j, _ := json.Marshal(v)
		tells(t, name+" as JSON", string(j))
		x, _ := xml.Marshal(v)
		tells(t, name+" as XML", string(x))
	}
	p := NewPrivate(personal)
	j, err := json.Marshal(map[Private]Private{p: p})
	if err != nil || string(j) != `{"[private]":"[private]"}` {
		t.Errorf("as JSON %s, %v", j, err)
	}
	if text, err := p.MarshalText(); err != nil || string(text) != "[private]" {
		t.Errorf("as text %s, %v", text, err)
	}
}

func TestNoTemplatePrintsAPersonalValue(t *testing.T) {
	const page = `<p title="{{.}}">{{.}} {{printf "%+v" .}}</p><script>let a = {{.}}</script><a href="/{{.}}?q={{.}}">a</a>`
	for name, v := range holders() {
		var out strings.Builder
		if err := template.Must(template.New("t").Parse(page)).Execute(&out, v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_ = html.Must(html.New("h").Parse(page)).Execute(&out, v) // a shape JSON cannot hold ends the page
		tells(t, name+" on a page", out.String())
	}
}

func TestOnlyRevealGivesTheValue(t *testing.T) {
	if p := NewPrivate(personal); p.Reveal() != personal || p.Empty() {
		t.Errorf("got %q, empty %v", p.Reveal(), p.Empty())
	}
	for _, p := range []Private{{}, NewPrivate("")} {
		if p.Reveal() != "" || !p.Empty() || fmt.Sprint(p) != "[private]" {
			t.Errorf("an empty one gives %q and prints %v", p.Reveal(), p)
		}
	}
}
