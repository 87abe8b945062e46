package portal

import (
	"bytes"
	"fmt"
	pixels "image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"reprise/internal/browser"
)

// recorder hears all that is asked of the portal, byte by byte.
type recorder struct {
	mu   sync.Mutex
	on   bool
	said bytes.Buffer
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on {
		r.said.Write(b)
	}
	return len(b), nil
}

func (r *recorder) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		fmt.Fprintf(r, "\n%s %s %v\n", q.Method, q.RequestURI, q.Header)
		body := q.Body
		q.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(body, r), body}
		next.ServeHTTP(w, q)
	})
}

func (r *recorder) listen() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = true
}

func (r *recorder) all() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.said.Bytes())
}

func inJPEG(t testing.TB, m pixels.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNothingOfAnImageLeavesTheDevice(t *testing.T) {
	h, chromium := chromiumHouse(t)
	c := &chooser{chromium.Page(t, browser.Options{Lang: "en"}), t, h, t.TempDir()}
	c.enter()
	h.heard.listen()
	var files [][]byte
	var paths []string
	for i, m := range photos(t, 3) {
		files = append(files, inJPEG(t, m))
		paths = append(paths, c.file(fmt.Sprintf("Marie-at-home-%d.jpg", i), files[i]))
	}
	c.choose(paths...)
	c.Click("details:has([data-sent]) summary")
	c.Type(browser.T("label"), "the blue one")
	sent := 0
	for _, made := range c.made() {
		sent += len(made)*4/3 + 200
	}
	c.Submit(browser.T("add-images"))
	said := h.heard.all()
	for i, file := range files {
		for at := 0; at+12 <= len(file); at += 12 {
			if run := file[at : at+12]; bytes.Contains(said, run) && bytes.Count(run, run[:1]) < 12 {
				t.Fatalf("bytes %d to %d of file %d were sent", at, at+12, i)
			}
		}
	}
	if bytes.Contains(said, []byte("Marie")) {
		t.Error("the name of a file was sent")
	}
	if !bytes.Contains(said, []byte("the blue one")) || bytes.Count(said, []byte("POST /s")) != 1 {
		t.Errorf("what she typed was not sent, once:\n%s", said)
	}
	if most := sent + 8<<10; len(said) > most {
		t.Errorf("%d bytes were sent in all, of which the fingerprints explain %d", len(said), most)
	}
	if len(h.desk.images) != 0 || h.desk.refs != 1 {
		t.Errorf("%d files arrived, %d references", len(h.desk.images), h.desk.refs)
	}
	if met := chromium.Strangers(); len(met) > 0 {
		t.Errorf("third parties were contacted: %q", met)
	}
}

// tries are all the ways we know in which a worker could speak to anybody.
const tries = `
onmessage = async () => {
	const told = {}, refused = (name, way) => Promise.resolve().then(way).then(() => { told[name] = "done"; }, () => {});
	const opened = (thing) => new Promise((resolve, reject) => { thing.onopen = thing.onload = thing.onmessage = resolve; thing.onerror = reject; });
	await refused("fetch", () => fetch("/leak/fetch"));
	await refused("stranger", () => fetch("https://stranger.example/leak", { mode: "no-cors" }));
	await refused("request", () => { const x = new XMLHttpRequest(); x.open("GET", "/leak/xhr"); const p = opened(x); x.send(); return p; });
	await refused("socket", () => opened(new WebSocket("ws://" + location.host + "/leak/socket")));
	await refused("events", () => opened(new EventSource("/leak/events")));
	await refused("import", () => importScripts("/leak/import.js"));
	await refused("module", () => import("/leak/module.js"));
	await refused("worker", () => opened(new Worker("/leak/worker.js")));
	await refused("font", () => new FontFace("f", "url(/leak/font)").load());
	await refused("cache", async () => (await caches.open("c")).add("/leak/cache"));
	await refused("eval", () => eval("1"));
	postMessage(told);
};`

func TestWhatSeesPixelsCannotTalkToAnybody(t *testing.T) {
	h, chromium := chromiumHouse(t)
	worker := h.visitor().get("/static/hash.js")
	var leaked []string
	mux := http.NewServeMux()
	mux.HandleFunc("/leak/", func(_ http.ResponseWriter, r *http.Request) { leaked = append(leaked, r.URL.Path) })
	mux.HandleFunc("/static/hash.js", func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range worker.header {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		_, _ = io.WriteString(w, worker.body+tries)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<!doctype html><title>t</title>")
	})
	site := httptest.NewServer(mux)
	defer site.Close()
	p := chromium.Page(t, browser.Options{})
	p.Goto(site.URL)
	told := browser.Eval[map[string]string](p, `new Promise((resolve, reject) => {
		const w = new Worker("/static/hash.js");
		w.onerror = (e) => reject(e.message);
		w.onmessage = (e) => e.data.ready ? w.postMessage({}) : resolve(e.data);
	})`)
	if len(told) > 0 || len(leaked) > 0 || len(chromium.Strangers()) > 0 {
		t.Errorf("the worker spoke: %v, %v, %v", told, leaked, chromium.Strangers())
	}
}

const (
	plainPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types "
	imagePolicy  = plainPolicy + "worker; media-src blob:"
	workerPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)

func TestASVS_3_4_OnlyPagesThatTakeImagesAllowAWorker(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	hold := func(name, want string) {
		t.Helper()
		if got := v.page.header.Values("Content-Security-Policy"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: the policy is %q", name, got)
		}
	}
	v.get("/f")
	hold("age", plainPolicy+"'none'")
	v.fillIn()
	hold("check", plainPolicy+"'none'")
	v.post("/f", "do", "step-6")
	hold("images", imagePolicy)
	v.visitAgain()
	hold("space", plainPolicy+"'none'")
	v.post("/s", "do", "go-add")
	hold("further addresses and images", imagePolicy)
	v.upload("/s", "add-images")
	hold("further images", imagePolicy)
	v.get("/static/images.js")
	hold("the page's script", plainPolicy+"'none'")
	v.get("/static/hash.js")
	hold("the worker", workerPolicy)
	if !strings.Contains(v.page.body, "function pdq(") || !strings.Contains(v.page.body, "function sign(") || v.page.handle("x") {
		t.Error("the worker is not served in one piece")
	}
}
