package web

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Attach answers with a file for the browser to keep under a name, which it does
// only because the visitor pressed a button. The name is ours and tells nothing.
func (c *Ctx) Attach(name, kind string, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, kind, body)
}

// Attach answers with the page as a file. Such a page stands alone: its template
// has a layout of its own.
func (p Page[T]) Attach(c *Ctx, name string, data T) error {
	var b bytes.Buffer
	if err := p.parsed.ExecuteTemplate(&b, "layout", data); err != nil {
		return fmt.Errorf("render %s: %w", p.Name(), err)
	}
	return c.Attach(name, "text/html; charset=utf-8", b.Bytes())
}
