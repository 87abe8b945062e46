package mail_test

import (
	"bytes"
	"crypto"
	"crypto/dsa" //nolint:staticcheck // a key of an old kind, to be refused
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"reprise/internal/mail"
	"reprise/internal/takedown"
)

// newKey makes a key as her program would; change may spoil it before it is written.
func newKey(t *testing.T, config packet.Config, change func(*openpgp.Entity, *packet.Config)) *openpgp.Entity {
	t.Helper()
	config.Time = func() time.Time { return date }
	e, err := openpgp.NewEntity("She", "", "she@example.org", &config)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(e, &config)
	}
	return e
}

// armored writes the public part of keys.
func armored(t *testing.T, kind string, keys ...*openpgp.Entity) string {
	t.Helper()
	var raw bytes.Buffer
	for _, k := range keys {
		if err := k.Serialize(&raw); err != nil {
			t.Fatal(err)
		}
	}
	return armor64(t, kind, raw.Bytes())
}

func armor64(t *testing.T, kind string, raw []byte) string {
	t.Helper()
	var out bytes.Buffer
	w, err := armor.Encode(&out, kind, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// opens decrypts a PGP/MIME mail and gives the text in it.
func opens(t *testing.T, raw []byte, key *openpgp.Entity) string {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, values, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/encrypted" || values["protocol"] != "application/pgp-encrypted" || m.Header.Get("Mime-Version") != "1.0" {
		t.Fatalf("a mail of type %q %v: %v", kind, values, err)
	}
	parts := multipart.NewReader(m.Body, values["boundary"])
	var bodies []string
	for _, want := range []string{"application/pgp-encrypted", "application/octet-stream"} {
		p, err := parts.NextPart()
		if err != nil || p.Header.Get("Content-Type") != want {
			t.Fatalf("a part that is no %s: %v", want, err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) || bodies[0] != "Version: 1\r\n" {
		t.Fatalf("%q, and then %v", bodies[0], err)
	}
	block, err := armor.Decode(strings.NewReader(bodies[1]))
	if err != nil {
		t.Fatal(err)
	}
	md, err := openpgp.ReadMessage(block.Body, openpgp.EntityList{key}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := netmail.ReadMessage(md.UnverifiedBody)
	if err != nil || inner.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Fatalf("inside: %v, %v", inner, err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(inner.Body))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestEncryptedMailIsReadByItsKeyAloneAndTellsNothingOutside(t *testing.T) {
	for name, config := range map[string]packet.Config{
		"curve": {}, "rsa": {RSABits: 2048, Algorithm: packet.PubKeyAlgoRSA}, "nist": {Algorithm: packet.PubKeyAlgoECDSA, Curve: packet.CurveNistP256}, "v6": {V6Keys: true, Algorithm: packet.PubKeyAlgoEd25519},
	} {
		her := newKey(t, config, nil)
		key, err := mail.ReadKey("My key:\r\n"+strings.ReplaceAll(armored(t, openpgp.PublicKeyType, her), "\n", "\r\n"), date.AddDate(1, 0, 0))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if print := key.Fingerprint(); len(strings.ReplaceAll(print, " ", "")) != 2*len(her.PrimaryKey.Fingerprint) || print != strings.ToUpper(print) || print[4] != ' ' {
			t.Errorf("%s: the fingerprint %q", name, print)
		}
		subject, body, err := mail.ComposeUpdate(takedown.Lang("ar"), true)
		if err != nil {
			t.Fatal(err)
		}
		m := mail.Message{ID: mail.MessageID("abc", "post.example"), From: quiet, To: "she@example.org", ReplyTo: mail.QuietAddress(token, quiet), Subject: subject, Body: body, Key: key, AutoSubmitted: true}
		raw, err := mail.Build(m, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := opens(t, raw, her); got != body {
			t.Errorf("%s: it opens to %q", name, got)
		}
		outside, _, _ := strings.Cut(string(raw), "BEGIN PGP MESSAGE-----\r\n\r\n") // no comment or version follows
		for _, never := range []string{"STOP", "text/plain", "=D9", "She ", "filename"} {
			if len(outside) == len(raw) || strings.Contains(outside, never) {
				t.Errorf("%s: outside it says %q:\n%s", name, never, outside)
			}
		}
		for _, line := range strings.Split(string(raw), "\r\n") {
			if len(line) > 100 || strings.ContainsAny(line, "\n\r") {
				t.Errorf("%s: the line %q", name, line)
			}
		}
		if again, err := mail.Build(m, date); err != nil || bytes.Equal(again, raw) {
			t.Errorf("%s: two mails are encrypted alike, %v", name, err)
		}
	}
}

func TestAKeyThatCannotBeUsedIsRefusedWithItsReason(t *testing.T) {
	good := newKey(t, packet.Config{}, nil)
	public := armored(t, openpgp.PublicKeyType, good)
	var private, raw bytes.Buffer
	if err := errors.Join(good.SerializePrivate(&private, nil), good.Serialize(&raw)); err != nil {
		t.Fatal(err)
	}
	year := packet.Config{KeyLifetimeSecs: 365 * 24 * 3600}
	revoked := newKey(t, packet.Config{}, func(e *openpgp.Entity, c *packet.Config) {
		if err := e.RevokeKey(packet.KeyCompromised, "", c); err != nil {
			t.Fatal(err)
		}
	})
	subRevoked := newKey(t, packet.Config{}, func(e *openpgp.Entity, c *packet.Config) {
		if err := e.RevokeSubkey(&e.Subkeys[0], packet.KeySuperseded, "", c); err != nil {
			t.Fatal(err)
		}
	})
	signs := newKey(t, packet.Config{}, func(e *openpgp.Entity, _ *packet.Config) { e.Subkeys = nil })
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"private":                {armor64(t, openpgp.PrivateKeyType, private.Bytes()), mail.ErrKeyPrivate},
		"private, called public": {armor64(t, openpgp.PublicKeyType, private.Bytes()), mail.ErrKeyPrivate},
		"private after public":   {public + armor64(t, openpgp.PrivateKeyType, private.Bytes()), mail.ErrKeyPrivate},
		"revoked":                {armored(t, openpgp.PublicKeyType, revoked), mail.ErrKeyRevoked},
		"its part revoked":       {armored(t, openpgp.PublicKeyType, subRevoked), mail.ErrKeyRevoked},
		"expired":                {armored(t, openpgp.PublicKeyType, newKey(t, year, nil)), mail.ErrKeyExpired},
		"signs only":             {armored(t, openpgp.PublicKeyType, signs), mail.ErrKeyOther},
		"dsa":                    {armor64(t, openpgp.PublicKeyType, dsaKey(t)), mail.ErrKeyOther},
		"huge rsa":               {armored(t, openpgp.PublicKeyType, newKey(t, packet.Config{}, func(e *openpgp.Entity, _ *packet.Config) { e.Subkeys[0].PublicKey = hugeRSA(t) })), mail.ErrKeyOther},
		"two keys":               {armored(t, openpgp.PublicKeyType, good, signs), mail.ErrKeySeveral},
		"large":                  {strings.Repeat(public, mail.MaxKey/len(public)+1), mail.ErrKeyLarge},
		"a message":              {armored(t, "PGP MESSAGE", good), mail.ErrKeyUnreadable},
		"nothing":                {"", mail.ErrKeyUnreadable},
		"an address":             {"she@example.org", mail.ErrKeyUnreadable},
		"NUL":                    {strings.Replace(public, "\n\n", "\n\n\x00", 1), mail.ErrKeyUnreadable},
		"no packets":             {armor64(t, openpgp.PublicKeyType, nil), mail.ErrKeyUnreadable},
		"cut":                    {public[:len(public)/2], mail.ErrKeyUnreadable},
		"cut inside":             {armor64(t, openpgp.PublicKeyType, raw.Bytes()[:raw.Len()-9]), mail.ErrKeyUnreadable},
		"with a text inside":     {armor64(t, openpgp.PublicKeyType, append(bytes.Clone(raw.Bytes()), 0xcb, 6, 'b', 0, 0, 0, 0, 0)), mail.ErrKeyUnreadable},
		"slow signatures":        {armor64(t, openpgp.PublicKeyType, signed(t, 20)), mail.ErrKeyLarge},
		"many parts":             {armor64(t, openpgp.PublicKeyType, append(bytes.Clone(raw.Bytes()), bytes.Repeat(subkeyOf(t, good), 60)...)), mail.ErrKeyLarge},
	} {
		if _, err := mail.ReadKey(c.text, date.AddDate(2, 0, 0)); !errors.Is(err, c.want) || takedown.KindOf(err) != takedown.Invalid {
			t.Errorf("%s (%d bytes): %v, want %v", name, len(c.text), err, c.want)
		}
	}
	if _, err := mail.ReadKey(public, date.AddDate(2, 0, 0)); err != nil {
		t.Errorf("the good one: %v", err)
	}
	if _, err := mail.ReadKey(armor64(t, openpgp.PublicKeyType, signed(t, 10)), date.AddDate(2, 0, 0)); err != nil {
		t.Errorf("one of ECDSA: %v", err)
	}
}

// signed writes a key of the slowest curve that carries its own signature n times.
func signed(t *testing.T, n int) []byte {
	t.Helper()
	e := newKey(t, packet.Config{Algorithm: packet.PubKeyAlgoECDSA, Curve: packet.CurveBrainpoolP512, DefaultHash: crypto.SHA512}, nil)
	name, sub := e.PrimaryIdentity(), e.Subkeys[0]
	var out bytes.Buffer
	err := errors.Join(e.PrimaryKey.Serialize(&out), name.UserId.Serialize(&out))
	for range n {
		err = errors.Join(err, name.SelfSignature.Serialize(&out))
	}
	if err = errors.Join(err, sub.PublicKey.Serialize(&out), sub.Sig.Serialize(&out)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// subkeyOf writes the subkey of a key with its signature.
func subkeyOf(t *testing.T, e *openpgp.Entity) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := errors.Join(e.Subkeys[0].PublicKey.Serialize(&out), e.Subkeys[0].Sig.Serialize(&out)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func dsaKey(t *testing.T) []byte {
	t.Helper()
	var k dsa.PrivateKey
	if err := dsa.GenerateParameters(&k.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&k, rand.Reader); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := packet.NewDSAPublicKey(date, &k.PublicKey).Serialize(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func hugeRSA(t *testing.T) *packet.PublicKey {
	t.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), 16383)
	k := packet.NewRSAPublicKey(date, &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 65537})
	k.IsSubkey = true
	return k
}

func FuzzAKeyIsReadInTimeOrRefused(f *testing.F) {
	config := packet.Config{Time: func() time.Time { return date }}
	e, err := openpgp.NewEntity("She", "", "", &config)
	if err != nil {
		f.Fatal(err)
	}
	var raw bytes.Buffer
	if err := e.Serialize(&raw); err != nil {
		f.Fatal(err)
	}
	f.Add(raw.Bytes())
	for i := range raw.Len() { // every byte once another
		spoilt := bytes.Clone(raw.Bytes())
		spoilt[i] ^= 0xff
		f.Add(spoilt)
		f.Add(raw.Bytes()[:i])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := mail.ReadKey(armor64(t, openpgp.PublicKeyType, raw), date); err != nil && takedown.KindOf(err) != takedown.Invalid {
			t.Errorf("%x: %v", raw, err)
		}
	})
}
