package portal

import "reprise/internal/takedown"

// Help is a number to talk to someone.
type Help struct {
	Name   string
	Number string
	About  takedown.Text
}

// helpInFrance are the national lines, all free. Source: the lines' own sites.
var helpInFrance = []Help{
	{"3018", "3018", takedown.Text{
		FR: "violences numériques, tous les jours de 9 h à 23 h",
		EN: "online violence, every day from 9 am to 11 pm, in French",
	}},
	{"3919", "3919", takedown.Text{
		FR: "violences faites aux femmes, jour et nuit",
		EN: "violence against women, day and night, many languages",
	}},
	{"3114", "3114", takedown.Text{
		FR: "quand tout devient trop lourd, jour et nuit",
		EN: "when it all becomes too much, day and night",
	}},
	{"112", "112", takedown.Text{
		FR: "danger immédiat (par SMS : 114)",
		EN: "immediate danger (by text message: 114)",
	}},
}
