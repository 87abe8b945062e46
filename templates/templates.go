// Package templates carries the words of Reprise: the pages of each door, the partials they
// share (file names beginning with "_"), the mails and the catalogues of texts per language.
// It is an embedded file system and nothing else; internal/web and internal/mail read it.
package templates

import "embed"

// FS holds every partial and every folder below. Folders are named by what is in them ("*/*"),
// because Go's embed leaves out files that begin with "_" when it is given a folder alone.
//
//go:embed *.html */*
var FS embed.FS
