package sandbox

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// picturePath is where a page's copy of a picture stands on the host of pictures.
func picturePath(p page, name string, width int) string {
	return fmt.Sprintf("/i/%s/%s-%d.jpg", p.id, name, width)
}

// serveHosts serves every made-up host; the Host header says which.
func (s *Sandbox) serveHosts(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if r.URL.Path == sheetPath {
		serveSheet(w, r)
		return
	}
	s.show(w, visit{host: strings.ToLower(host), path: r.URL.Path, at: address})
}

// visit is one look at a made-up address. at writes links: to the made-up host
// itself, or to the preview of it on the page for people.
type visit struct {
	host, path string
	at         func(host, path string) string
}

func (s *Sandbox) show(w http.ResponseWriter, v visit) {
	i := slices.IndexFunc(sites, func(on site) bool { return slices.Contains(on.names(), v.host) })
	switch {
	case i < 0:
		http.Error(w, "no such host", http.StatusMisdirectedRequest)
	case v.host == sites[i].domain: // as most sites do
		w.Header().Set("Location", v.at(sites[i].www(), v.path))
		w.WriteHeader(http.StatusMovedPermanently)
	default:
		s.showSite(w, v, sites[i])
	}
}

func (s *Sandbox) showSite(w http.ResponseWriter, v visit, on site) {
	if v.path == "/" {
		s.showFront(w, v, on)
		return
	}
	_, p, ok := find(v.host, v.path)
	if !ok {
		s.write(w, Gone, sitePage{Site: on.name, Lang: on.lang})
		return
	}
	state, err := s.stateOf(p)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if state == Online && v.path != p.path {
		s.showPicture(w, v, p)
		return
	}
	s.write(w, state, s.sitePage(v, on, p))
}

// showPicture serves "/i/ID/NAME-WIDTH.jpg".
func (s *Sandbox) showPicture(w http.ResponseWriter, v visit, p page) {
	file := strings.TrimSuffix(strings.TrimPrefix(v.path, "/i/"+p.id+"/"), ".jpg")
	cut := strings.LastIndex(file, "-")
	width, err := strconv.Atoi(file[cut+1:])
	if cut < 0 || err != nil || !slices.Contains(p.shots, file[:cut]) || !slices.Contains([]int{full, medium, small}, width) {
		http.Error(w, "no such picture", http.StatusNotFound)
		return
	}
	data, err := s.pictures.copy(file[:cut], width)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(data) // the visitor may have left
}

// sitePage is what a made-up page shows.
type sitePage struct {
	Site, Lang, Title, URL, Image string
	Shots                         []shot
	Links                         []siteLink
}

// shot is a picture on a page: its sizes, with the largest linked.
type shot struct {
	Number              int
	Full, Medium, Small string
	Height              int // of the picture as it is shown, 600 wide
}

type siteLink struct{ Href, Text string }

// shownHeight is the height of a picture that is shown 600 wide.
func shownHeight(name string) int {
	if strings.HasSuffix(name, "-screenshot") {
		return 895
	}
	return 400
}

func (s *Sandbox) sitePage(v visit, on site, p page) sitePage {
	out := sitePage{Site: on.name, Lang: on.lang, Title: p.title, URL: address(on.www(), p.path)}
	for i, name := range p.shots {
		out.Shots = append(out.Shots, shot{
			Number: i + 1, Height: shownHeight(name),
			Full:   v.at(on.imgHost(), picturePath(p, name, full)),
			Medium: v.at(on.imgHost(), picturePath(p, name, medium)),
			Small:  v.at(on.imgHost(), picturePath(p, name, small)),
		})
	}
	out.Image = out.Shots[0].Full
	return out
}

// showFront lists the pages of a site, or the results of a search engine.
func (s *Sandbox) showFront(w http.ResponseWriter, v visit, on site) {
	out := sitePage{Site: on.name, Lang: on.lang, Title: on.name, URL: address(on.www(), "/")}
	for _, p := range on.pages {
		out.Links = append(out.Links, siteLink{v.at(on.www(), p.path), p.title})
	}
	if len(on.pages) == 0 {
		for _, r := range s.listed(on.operator) {
			out.Links = append(out.Links, siteLink{v.at(r.site.www(), r.page.path), r.site.name + " · " + r.page.title})
		}
	}
	s.write(w, Online, out)
}

// statuses of the states, where it is not 200.
var statuses = map[State]int{
	Gone: http.StatusNotFound, Forbidden: http.StatusForbidden,
	Country: http.StatusUnavailableForLegalReasons, Down: http.StatusServiceUnavailable,
}

func (s *Sandbox) write(w http.ResponseWriter, state State, p sitePage) {
	status, ok := statuses[state]
	if !ok {
		status = http.StatusOK
	}
	name := "site-" + string(state)
	var page bytes.Buffer
	if err := s.ui.templates.ExecuteTemplate(&page, name, p); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the visitor may have left
}
