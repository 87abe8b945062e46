package sandbox

import (
	"slices"
	"strings"
	"time"
)

// site is a made-up web site. Its pages stand on www, its pictures on a host of their own.
type site struct {
	domain   string
	name     string
	images   string // name of the host of its pictures, below the domain
	lang     string
	operator string // id of whom one asks first
	pages    []page
}

func (s site) www() string     { return "www." + s.domain }
func (s site) imgHost() string { return s.images + "." + s.domain }

// names lists all hosts of the site.
func (s site) names() []string {
	if s.images == "" {
		return []string{s.domain, s.www()}
	}
	return []string{s.domain, s.www(), s.imgHost()}
}

// page is a page of a made-up site, in the order of the walk.
type page struct {
	id    string // in the path of its pictures; unique in the whole sandbox
	path  string
	what  string // what it is an example of: see Example
	title string
	shots []string // pictures by name, the one that matters first
	begin State    // Online if empty
}

// operator is who can be asked, and how they behave when a notice reaches them.
type operator struct {
	Recipient
	act    State         // what the page becomes; nothing happens if empty
	after  time.Duration // by the trial clock
	back   time.Duration // after which the page stands again, the first time; 0 never
	answer string        // the answer that goes back at once; silence if empty
}

// Recipient is an entry for the directory of the house.
type Recipient struct {
	ID, Name, Kind, Channel string
	Email, FormURL          string
	Domains, Countries      []string
	Lang                    string
	Behind                  []string // ids of whom to ask next
	Parallel, Verified      bool
}

// Example is an address to report.
type Example struct {
	URL string
	// What it is an example of: removes, direct, silent, refuses, soft, pretends,
	// login, forbidden, returns, mirror, crop, screenshot, unrelated.
	What      string
	Host      string
	Recipient string // id of whom one asks first
}

// sites is the made-up internet.
var sites = []site{
	{domain: "photomur.essai", name: "Photomur", images: "img", lang: "fr", operator: "photomur", pages: []page{
		{id: "1042", path: "/galerie/juin-1042", what: "removes", title: "Album de juin", shots: []string{"parrots", "hats", "window"}},
		{id: "88213", path: "/photo/88213", what: "removes", title: "Photo 88213", shots: []string{"lighthouse"}},
		{id: "88214", path: "/photo/88214", what: "removes", title: "Photo 88214", shots: []string{"parrots"}},
	}},
	{domain: "lentimages.essai", name: "Lentimages", images: "media", lang: "fr", operator: "lentimages", pages: []page{
		{id: "9731", path: "/sujet/9731-photos", what: "silent", title: "Sujet 9731", shots: []string{"lighthouse", "window"}},
	}},
	{domain: "toutvu.essai", name: "Toutvu", images: "pix", lang: "en", operator: "toutvu", pages: []page{
		{id: "5q8zk", path: "/v/5q8zk", what: "refuses", title: "Post 5q8zk", shots: []string{"parrots"}},
	}},
	{domain: "pageblanche.essai", name: "Page blanche", images: "files", lang: "fr", operator: "pageblanche", pages: []page{
		{id: "312", path: "/album/312", what: "soft", title: "Album 312", shots: []string{"lighthouse", "hats"}},
	}},
	{domain: "motdonne.essai", name: "Mot donné", images: "cdn", lang: "fr", operator: "motdonne", pages: []page{
		{id: "2210", path: "/p/2210", what: "pretends", title: "Billet 2210", shots: []string{"parrots"}},
	}},
	{domain: "cercleferme.essai", name: "Cercle fermé", images: "img", lang: "fr", operator: "cercle", pages: []page{
		{id: "m7", path: "/membres/album/7", what: "login", title: "Album 7", shots: []string{"lighthouse"}, begin: Login},
		{id: "m77", path: "/salon/77", what: "forbidden", title: "Salon 77", shots: []string{"parrots"}, begin: Forbidden},
	}},
	{domain: "reflux.essai", name: "Reflux", images: "s3", lang: "en", operator: "reflux", pages: []page{
		{id: "4411", path: "/post/4411", what: "returns", title: "Post 4411", shots: []string{"parrots", "window"}},
	}},
	{domain: "copiste.essai", name: "Copiste", images: "static", lang: "fr", operator: "copiste", pages: []page{
		{id: "c1", path: "/m/301", what: "mirror", title: "Image 301", shots: []string{"parrots-mirror"}},
		{id: "c2", path: "/m/302", what: "crop", title: "Image 302", shots: []string{"lighthouse-crop"}},
		{id: "c3", path: "/m/303", what: "screenshot", title: "Image 303", shots: []string{"parrots-screenshot"}},
	}},
	{domain: "cartesvues.essai", name: "Cartes et vues", images: "img", lang: "fr", operator: "cartesvues", pages: []page{
		{id: "v9", path: "/vues/mur-de-chapeaux", what: "unrelated", title: "Mur de chapeaux", shots: []string{"hats", "window"}},
	}},
	{domain: "trouvetout.essai", name: "Trouvetout", lang: "fr", operator: "trouvetout"},
	{domain: "loupe.essai", name: "Loupe", lang: "en", operator: "loupe"},
}

const (
	day = 24 * time.Hour
	// delistAfter is how long the search engines take.
	delistAfter = day
)

// operators are all who can be asked: those of the sites, and those behind them.
var operators = []operator{
	{Recipient: Recipient{ID: "photomur", Name: "Photomur", Kind: "platform", Countries: []string{"FR"}, Lang: "fr", Behind: []string{"nordbaie"}},
		act: Gone, after: 2 * time.Hour, answer: "acknowledged"},
	{Recipient: Recipient{ID: "lentimages", Name: "Lentimages", Kind: "forum", Countries: []string{"BE"}, Lang: "fr", Behind: []string{"nordbaie"}}},
	{Recipient: Recipient{ID: "toutvu", Name: "Toutvu", Kind: "platform", Countries: []string{"US"}, Lang: "en", Behind: []string{"ondelivre", "nordbaie"}},
		answer: "refused"},
	{Recipient: Recipient{ID: "pageblanche", Name: "Page blanche", Kind: "platform", Countries: []string{"FR"}, Lang: "fr", Behind: []string{"nordbaie"}},
		act: Soft, after: 3 * time.Hour},
	{Recipient: Recipient{ID: "motdonne", Name: "Mot donné", Kind: "forum", Countries: []string{"FR"}, Lang: "fr", Behind: []string{"nordbaie"}},
		answer: "removed"},
	{Recipient: Recipient{ID: "cercle", Name: "Cercle fermé", Kind: "forum", Countries: []string{"FR"}, Lang: "fr", Behind: []string{"nordbaie"}},
		answer: "acknowledged"},
	{Recipient: Recipient{ID: "reflux", Name: "Reflux", Kind: "platform", Countries: []string{"US"}, Lang: "en", Behind: []string{"ondelivre"}},
		act: Gone, after: time.Hour, back: 10 * day},
	{Recipient: Recipient{ID: "copiste", Name: "Copiste", Kind: "platform", Countries: []string{"FR"}, Lang: "fr", Behind: []string{"nordbaie"}},
		act: Gone, after: 3 * time.Hour, answer: "acknowledged"},
	{Recipient: Recipient{ID: "cartesvues", Name: "Cartes et vues", Kind: "platform", Countries: []string{"FR"}, Lang: "fr"}},
	{Recipient: Recipient{ID: "nordbaie", Name: "Nordbaie Hébergement", Kind: "host", Countries: []string{"NL"}, Lang: "en"},
		act: Gone, after: 6 * time.Hour, answer: "acknowledged"},
	{Recipient: Recipient{ID: "ondelivre", Name: "Ondélivre", Kind: "cdn", Countries: []string{"US"}, Lang: "en", Behind: []string{"nordbaie"}},
		act: Gone, after: time.Hour, answer: "removed"},
	{Recipient: Recipient{ID: "trouvetout", Name: "Trouvetout", Kind: "search", Countries: []string{"FR"}, Lang: "fr", Parallel: true}},
	{Recipient: Recipient{ID: "loupe", Name: "Loupe", Kind: "search", Countries: []string{"IE"}, Lang: "en", Parallel: true}},
}

// Recipients are the operators as entries of a directory, the contacts checked:
// they are our own.
func (s *Sandbox) Recipients() []Recipient {
	var out []Recipient
	for _, o := range operators {
		r := o.Recipient
		r.Verified, r.Channel, r.Domains = true, "email", []string{o.domain()}
		if r.Kind == "search" {
			r.Channel, r.FormURL = "web_form", s.URL()+"/forms/"+r.ID
		} else {
			r.Email = o.email()
		}
		r.Countries, r.Behind = slices.Clone(r.Countries), slices.Clone(r.Behind)
		out = append(out, r)
	}
	return out
}

// domain is that of the site the operator runs, or one of its own.
func (o operator) domain() string {
	for _, site := range sites {
		if site.operator == o.ID {
			return site.domain
		}
	}
	return o.ID + ".essai"
}

func (o operator) email() string { return "abuse@" + o.domain() }

// mayAct tells whether the operator runs the site or stands behind it, at any distance.
func (o operator) mayAct(on site) bool {
	ladder := []string{on.operator}
	for rung := 0; rung < len(ladder); rung++ {
		if ladder[rung] == o.ID {
			return true
		}
		for _, id := range operatorOf(ladder[rung]).Behind {
			if !slices.Contains(ladder, id) {
				ladder = append(ladder, id)
			}
		}
	}
	return false
}

// operatorOf gives the operator of an id of the tables above.
func operatorOf(id string) operator {
	i := slices.IndexFunc(operators, func(o operator) bool { return o.ID == id })
	return operators[i]
}

// Addresses lists what to report, in the order of the walk.
func (s *Sandbox) Addresses() []Example {
	var out []Example
	for _, site := range sites {
		for _, p := range site.pages {
			out = append(out, Example{URL: address(site.www(), p.path), What: p.what, Host: site.www(), Recipient: site.operator})
		}
	}
	first := sites[0]
	direct := Example{URL: address(first.imgHost(), picturePath(first.pages[1], "lighthouse", full)), What: "direct", Host: first.imgHost(), Recipient: first.operator}
	return slices.Insert(out, len(first.pages), direct)
}

func address(host, path string) string { return "http://" + host + path }

// find gives the site and page that an address on a made-up host leads to, by the
// page's own path or that of one of its pictures.
func find(host, path string) (site, page, bool) {
	for _, site := range sites {
		if !slices.Contains(site.names(), strings.ToLower(host)) {
			continue
		}
		for _, p := range site.pages {
			if path == p.path || strings.HasPrefix(path, "/i/"+p.id+"/") {
				return site, p, true
			}
		}
	}
	return site{}, page{}, false
}
