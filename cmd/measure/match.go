package main

import (
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"reprise/internal/edits"
)

// match measures how fast files are hashed and hashes are searched.
type match struct {
	PDQPhotoHasher string `name:"pdq-photo-hasher" help:"Meta's program, built from facebook/ThreatExchange pdq/cpp" env:"PDQ_PHOTO_HASHER" placeholder:"PATH"`
	Files          int    `help:"files of each size" default:"4"`
	Rounds         int    `help:"rounds over the files; the median counts" default:"5"`
	Hashes         []int  `help:"how many hashes to search" default:"1000000,10000000"`
}

func (c *match) run(w io.Writer, folder string) error {
	photographs, err := edits.Load(folder)
	if err != nil {
		return fmt.Errorf("load the photographs: %w", err)
	}
	heading(w, "Speed")
	for _, size := range []image.Point{{4000, 3000}, {816, 612}} {
		t, err := c.hashingTable(photographs, size)
		if err != nil {
			return err
		}
		t.write(w)
	}
	return searchTable(w, c.Hashes...)
}

// hashingTable times every way of hashing on the same files, in turns, by the time of the processor.
func (c *match) hashingTable(photographs []edits.Photograph, size image.Point) (*table, error) {
	files, paths, remove, err := c.files(photographs, size)
	if err != nil {
		return nil, err
	}
	defer remove()
	ways := append(hashing(), c.meta(paths)...)
	spent := make([][]time.Duration, len(ways))
	for range max(c.Rounds, 1) {
		for i, way := range ways {
			before := processorTime()
			if err := way.hash(files); err != nil {
				return nil, fmt.Errorf("%s: %w", way.name, err)
			}
			spent[i] = append(spent[i], (processorTime()-before)/time.Duration(len(files)))
		}
	}
	out := &table{
		title: fmt.Sprintf("From the bytes of a JPEG of %.1f megapixels (%d files, %.1f MB each on average)",
			float64(size.X*size.Y)/1e6, len(files), megabytes(files)),
		head: []string{"way", "processor time, ms", "files a second and core", "times as fast as goimagehash"},
	}
	rival := median(spent[0])
	for i, way := range ways {
		took := median(spent[i])
		out.add(way.name, fmt.Sprintf("%.1f", took.Seconds()*1000), fmt.Sprintf("%.1f", 1/took.Seconds()),
			fmt.Sprintf("%.1f", rival.Seconds()/took.Seconds()))
	}
	return out, nil
}

// way is one way of hashing files.
type way struct {
	name string
	hash func(files [][]byte) error
}

// each makes a way of what hashes one file.
func each(name string, hash func(file []byte) error) way {
	return way{name, func(files [][]byte) error {
		for _, file := range files {
			if err := hash(file); err != nil {
				return err
			}
		}
		return nil
	}}
}

// meta runs Meta's program on all files at once, so that its start weighs little: one hash each, and all eight.
func (c *match) meta(paths []string) []way {
	if c.PDQPhotoHasher == "" {
		return nil
	}
	run := func(options ...string) func([][]byte) error {
		return func([][]byte) error {
			command := exec.CommandContext(context.Background(), c.PDQPhotoHasher, append(options, paths...)...)
			if out, err := command.CombinedOutput(); err != nil {
				return fmt.Errorf("run it: %w: %s", err, out)
			}
			return nil
		}
	}
	return []way{
		{"Meta's pdq-photo-hasher, one PDQ", run()},
		{"Meta's pdq-photo-hasher, PDQ in eight orientations", run("--pdqdih")},
	}
}

// files makes the files, in memory and in a folder that remove takes away.
func (c *match) files(photographs []edits.Photograph, size image.Point) (files [][]byte, paths []string, remove func(), err error) {
	folder, err := os.MkdirTemp("", "measure")
	if err != nil {
		return nil, nil, nil, fmt.Errorf("make a folder: %w", err)
	}
	remove = func() { _ = os.RemoveAll(folder) }
	for i := range max(c.Files, 1) {
		p := photographs[i*len(photographs)/max(c.Files, 1)]
		file, err := camera(p, size)
		if err != nil {
			remove()
			return nil, nil, nil, err
		}
		path := filepath.Join(folder, p.Name+".jpg")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			remove()
			return nil, nil, nil, fmt.Errorf("write a file: %w", err)
		}
		files, paths = append(files, file), append(paths, path)
	}
	return files, paths, remove, nil
}

func megabytes(files [][]byte) float64 {
	total := 0
	for _, file := range files {
		total += len(file)
	}
	return float64(total) / float64(len(files)) / 1e6
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// processorTime is that of this process and of those it waited for.
func processorTime() (total time.Duration) {
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			panic(err) // it fails for an unknown who alone
		}
		total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return total
}
