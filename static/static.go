// Package static carries what browsers load beside the pages: one style sheet and one script
// per door, and an icon that says nothing. It is an embedded file system and nothing else.
// The sheets are built from static/scss by static/scss/build.sh and committed, so that
// building the program needs no Node.
package static

import "embed"

// FS holds the public files only; the sources of the sheets stay outside.
//
//go:embed *.css *.js favicon.svg favicon.ico
var FS embed.FS
