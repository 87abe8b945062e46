package portal

import (
	"strings"

	"reprise/internal/takedown"
	"reprise/internal/web"
)

// mailKey is the part of the page of contact about the key her mails are encrypted to.
type mailKey struct {
	Has            bool
	Print, Trouble string // its fingerprint, or why it cannot be used any more
	Typed, Error   string // a key that was refused
}

func (d *door) readKey(c *web.Ctx, p takedown.Progress, k *mailKey) error {
	if k.Has = !p.Contact.Key.Empty(); !k.Has {
		return nil
	}
	key, err := d.desk.MailKey(c.Request().Context(), c.Actor)
	if err != nil {
		return err
	}
	k.Print = key.Fingerprint
	if key.Trouble != nil {
		k.Trouble, _, _ = c.Refusal(key.Trouble)
	}
	return nil
}

// typedKey is what comes back into the box: a private key is not shown again.
func typedKey(c *web.Ctx) string {
	typed := strings.ReplaceAll(c.Value("f7"), "\r\n", "\n")
	if strings.Contains(typed, "PRIVATE KEY") {
		return ""
	}
	return typed
}

// setKey takes her public key. One that is refused comes back with the reason.
func (d *door) setKey(c *web.Ctx) error {
	err := c.BrakeNetwork(web.LimitKey)
	if err == nil {
		err = d.desk.SetMailKey(c.Request().Context(), c.Actor, takedown.NewPrivate(strings.ReplaceAll(c.Value("f7"), "\r\n", "\n")))
	}
	if err == nil {
		return d.told(c, web.T(c.Lang, "key.kept"))
	}
	sentence, status, ok := c.Refusal(err)
	if !ok {
		return err
	}
	return d.reach(c, status, reachPage{Key: mailKey{Typed: typedKey(c), Error: sentence}}, web.FieldError{Name: "f7", Text: sentence})
}

func (d *door) forgetKey(c *web.Ctx) error {
	if err := d.desk.ForgetMailKey(c.Request().Context(), c.Actor); err != nil {
		return d.spaceRefuses(c, err)
	}
	return d.told(c, web.T(c.Lang, "key.forgotten"))
}
