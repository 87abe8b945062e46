// Package templates carries the words of Reprise: the pages of each door, the partials they
// share (file names beginning with "_"), the mails and the catalogues of texts per language.
// It is an embedded file system and nothing else; internal/web and internal/mail read it.
package templates

import "embed"

// FS holds everything below this folder. The "all:" prefix is needed because Go's embed leaves
// out files that begin with "_", which is how partials are named.
//
//go:embed all:*
var FS embed.FS
