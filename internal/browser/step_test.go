package browser

import (
	"errors"
	"strings"
	"testing"
)

func TestMissingChromiumNamesTheDebianPackage(t *testing.T) {
	none := func(string) (string, error) { return "", errors.New("not found") }
	if _, err := find(none); err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("error %v does not say what to install", err)
	}
	second := func(name string) (string, error) {
		if name != "chromium-browser" {
			return none(name)
		}
		return "/usr/bin/" + name, nil
	}
	if path, err := find(second); err != nil || path != "/usr/bin/chromium-browser" {
		t.Errorf("found %q, %v", path, err)
	}
}
