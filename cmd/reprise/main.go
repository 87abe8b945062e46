// Command reprise runs the service, its trial house and its tools. It reads
// signals and subcommands; everything else is in internal/app.
package main

import (
	"os"

	"reprise/internal/app"
	"reprise/internal/hasher"
)

var version = "dev" // set by the linker

func main() {
	hasher.RunChild() // before anything else is set up
	os.Exit(app.Main(os.Args[1:], version))
}
