package sandbox_test

import (
	"net/http"
	"net/url"
	"testing"
)

// send posts a form of the page for people; the next page must answer well.
func send(t *testing.T, c *http.Client, to string, pairs ...string) string {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	status, body := read(t)(c.PostForm(to, values))
	if status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", to, status, body)
	}
	return body
}
