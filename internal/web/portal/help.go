package portal

import "reprise/internal/takedown"

// Help is a number to talk to someone.
type Help struct {
	Number string
	Name   takedown.Text
	About  takedown.Text
}

// helpInFrance are the national lines, all free. Source: the lines' own sites.
var helpInFrance = []Help{
	{"3018", takedown.Text{FR: "Violences en ligne", EN: "Online violence"}, takedown.Text{
		FR: "tous les jours de 9 h à 23 h", EN: "every day, 9 am to 11 pm, in French",
	}},
	{"3919", takedown.Text{FR: "Violences faites aux femmes", EN: "Violence against women"}, takedown.Text{
		FR: "jour et nuit", EN: "day and night, many languages",
	}},
	{"3114", takedown.Text{FR: "Quand tout devient trop lourd", EN: "When it all becomes too much"}, takedown.Text{
		FR: "jour et nuit", EN: "day and night",
	}},
	{"112", takedown.Text{FR: "Danger immédiat", EN: "Immediate danger"}, takedown.Text{
		FR: "par SMS : 114", EN: "by text message: 114",
	}},
}
