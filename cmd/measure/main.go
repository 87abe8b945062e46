// Command measure tells developers how well and how fast pictures are found again, each figure beside its rivals in
// the same run, as Markdown. It is not shipped.
//
//	measure recall    which of the 62 edits of each photograph are found, and how many unlike pictures are taken for one
//	measure match     how fast files are hashed and hashes searched
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/alecthomas/kong"

	"reprise/internal/picture"
)

var version = "unknown" // set by the linker: git describe

type cli struct {
	Photos string `help:"folder of photographs (*.jpg)" default:"internal/edits/testdata/photos" placeholder:"DIR"`
	MD     string `help:"write the tables to this file" placeholder:"FILE"`

	Recall recall `cmd:"" help:"recall over the edits, and false rates"`
	Match  match  `cmd:"" help:"speed of hashing and searching"`
}

func main() {
	var c cli
	k := kong.Parse(&c, kong.Name("measure"))
	k.FatalIfErrorf(c.run(k.Command()))
}

func (c *cli) run(command string) error {
	out, finish, err := c.output()
	if err != nil {
		return err
	}
	switch command {
	case "recall":
		err = c.Recall.run(out, c.Photos)
	default:
		err = c.Match.run(out, c.Photos)
	}
	if err != nil {
		return err
	}
	return finish()
}

// output is where the tables go, and what must be called when they are written.
func (c *cli) output() (io.Writer, func() error, error) {
	if c.MD == "" {
		return os.Stdout, func() error { return nil }, nil
	}
	file, err := os.Create(c.MD)
	if err != nil {
		return nil, nil, fmt.Errorf("create the file of the tables: %w", err)
	}
	return file, file.Close, nil
}

// heading tells what was measured, and on what.
func heading(w io.Writer, title string) {
	fmt.Fprintf(w, "# %s\n\nReprise %s on %s, %d processors; %s %s/%s. %s.\n", title, version, processor(), runtime.NumCPU(),
		runtime.Version(), runtime.GOOS, runtime.GOARCH, picture.Installed())
}

// processor is the model as Linux names it.
func processor() string {
	file, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "an unknown processor"
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unknown processor"
}

// progress keeps whoever waits awake.
func progress(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "measure: "+format+"\n", values...)
}
