package mail

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"reprise/internal/takedown"
)

// Bounds of a key. To check one signature costs milliseconds at most, and some 25 of
// them on the slowest curves of ECDSA, so that no key of this size and shape keeps
// the machine busy for long.
const (
	MaxKey        = 64 << 10 // bytes, as pasted
	maxKeyPackets = 100      // keys, names and signatures
	maxSlow       = 12       // signatures, where a part of the key is of ECDSA
	maxKeyBits    = 8192
)

// Why a key cannot be used. All are of kind Invalid.
var (
	ErrKeyUnreadable = takedown.Refuse(takedown.Invalid, "error.key_unreadable")
	ErrKeyLarge      = takedown.Refuse(takedown.Invalid, "error.key_large")
	ErrKeyPrivate    = takedown.Refuse(takedown.Invalid, "error.key_private")
	ErrKeySeveral    = takedown.Refuse(takedown.Invalid, "error.key_several")
	ErrKeyExpired    = takedown.Refuse(takedown.Invalid, "error.key_expired")
	ErrKeyRevoked    = takedown.Refuse(takedown.Invalid, "error.key_revoked")
	ErrKeyOther      = takedown.Refuse(takedown.Invalid, "error.key_other") // it does not encrypt, or in a way we do not
)

// Key is an OpenPGP public key that was good for encrypting when it was read.
type Key struct {
	entity *openpgp.Entity
	readAt time.Time
}

// ReadKey reads one armored public key (RFC 9580). A key that cannot be used at the
// time is refused with the reason.
func ReadKey(armored string, now time.Time) (*Key, error) {
	switch {
	case len(armored) > MaxKey:
		return nil, ErrKeyLarge
	case strings.Contains(armored, openpgp.PrivateKeyType):
		return nil, ErrKeyPrivate
	}
	block, err := armor.Decode(strings.NewReader(armored))
	if err != nil || block.Type != openpgp.PublicKeyType {
		return nil, ErrKeyUnreadable
	}
	raw, err := io.ReadAll(block.Body)
	if err != nil {
		return nil, ErrKeyUnreadable
	}
	if err := checkPackets(raw); err != nil {
		return nil, err
	}
	entity, err := openpgp.ReadEntity(packet.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, ErrKeyUnreadable
	}
	key := &Key{entity, now}
	if err := key.check(); err != nil {
		return nil, err
	}
	if _, err := key.encrypt(""); err != nil {
		return nil, ErrKeyOther
	}
	return key, nil
}

// The packets of a public key (RFC 9580 section 5), and those of a private one.
const (
	tagSignature    = 2
	tagSecretKey    = 5
	tagPublicKey    = 6
	tagSecretSubkey = 7
	tagMarker       = 10
	tagTrust        = 12
	tagUserID       = 13
	tagPublicSubkey = 14
	tagAttribute    = 17
	tagPadding      = 21
)

// checkPackets looks at what a key consists of before any signature in it is checked.
func checkPackets(raw []byte) error {
	reader := packet.NewOpaqueReader(bytes.NewReader(raw))
	keys, signatures, slow := 0, 0, false
	for range maxKeyPackets {
		p, err := reader.Next()
		if errors.Is(err, io.EOF) && slow && signatures > maxSlow {
			return ErrKeyLarge
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrKeyUnreadable
		}
		switch p.Tag {
		case tagSecretKey, tagSecretSubkey:
			return ErrKeyPrivate
		case tagPublicKey:
			if keys++; keys > 1 {
				return ErrKeySeveral
			}
			err = checkStrength(p, &slow)
		case tagPublicSubkey:
			err = checkStrength(p, &slow)
		case tagSignature:
			signatures++
		case tagMarker, tagTrust, tagUserID, tagAttribute, tagPadding:
		default:
			err = ErrKeyUnreadable
		}
		if err != nil {
			return err
		}
	}
	return ErrKeyLarge
}

// checkStrength takes the kinds of keys whose signatures are quick to check whatever
// their numbers are: not DSA and ElGamal, where a hostile one costs seconds. slow notes
// a key of ECDSA.
func checkStrength(p *packet.OpaquePacket, slow *bool) error {
	parsed, err := p.Parse()
	key, ok := parsed.(*packet.PublicKey)
	if err != nil || !ok {
		return ErrKeyUnreadable
	}
	*slow = *slow || key.PubKeyAlgo == packet.PubKeyAlgoECDSA
	switch key.PubKeyAlgo {
	case packet.PubKeyAlgoRSA, packet.PubKeyAlgoRSAEncryptOnly, packet.PubKeyAlgoRSASignOnly, packet.PubKeyAlgoECDSA, packet.PubKeyAlgoECDH,
		packet.PubKeyAlgoEdDSA, packet.PubKeyAlgoEd25519, packet.PubKeyAlgoX25519, packet.PubKeyAlgoEd448, packet.PubKeyAlgoX448:
	default:
		return ErrKeyOther
	}
	if bits, err := key.BitLength(); err != nil || bits > maxKeyBits {
		return ErrKeyOther
	}
	return nil
}

// check says why a well-formed key is not good for encrypting.
func (k *Key) check() error {
	self, _ := k.entity.PrimarySelfSignature()
	switch {
	case self == nil:
		return ErrKeyUnreadable
	case k.entity.Revoked(k.readAt):
		return ErrKeyRevoked
	case k.entity.PrimaryKey.KeyExpired(self, k.readAt), self.SigExpired(k.readAt):
		return ErrKeyExpired
	}
	if _, ok := k.entity.EncryptionKey(k.readAt); ok {
		return nil
	}
	for _, sub := range k.entity.Subkeys {
		switch {
		case !sub.Sig.FlagEncryptCommunications:
		case sub.Revoked(k.readAt):
			return ErrKeyRevoked
		case sub.PublicKey.KeyExpired(sub.Sig, k.readAt):
			return ErrKeyExpired
		}
	}
	return ErrKeyOther
}

// Fingerprint is the key's, in capitals and groups of four, as other programs show it.
func (k *Key) Fingerprint() string {
	digits := strings.ToUpper(hex.EncodeToString(k.entity.PrimaryKey.Fingerprint))
	var groups []string
	for len(digits) > 4 {
		groups, digits = append(groups, digits[:4]), digits[4:]
	}
	return strings.Join(append(groups, digits), " ")
}

// encrypt gives the last field of the header and the body of a PGP/MIME mail (RFC
// 3156) that holds a text. The outside says no more than that something is encrypted.
func (k *Key) encrypt(text string) (string, error) {
	var armored bytes.Buffer
	if err := k.seal(&armored, text); err != nil {
		return "", fmt.Errorf("encrypt a mail: %w", err)
	}
	var out bytes.Buffer
	parts := multipart.NewWriter(&out)
	for _, p := range []struct{ kind, body string }{
		{"application/pgp-encrypted", "Version: 1\r\n"},
		{"application/octet-stream", strings.ReplaceAll(armored.String(), "\n", "\r\n") + "\r\n"},
	} {
		part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Type": {p.kind}})
		if err == nil {
			_, err = io.WriteString(part, p.body)
		}
		if err != nil {
			return "", fmt.Errorf("encrypt a mail: %w", err)
		}
	}
	if err := parts.Close(); err != nil {
		return "", fmt.Errorf("encrypt a mail: %w", err)
	}
	kind := "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\";\r\n boundary=" + parts.Boundary() + "\r\n\r\n"
	return kind + out.String(), nil
}

// seal encrypts a text as a MIME part of its own, armored.
func (k *Key) seal(to io.Writer, text string) error {
	armored, err := armor.Encode(to, "PGP MESSAGE", nil)
	if err != nil {
		return err
	}
	config := &packet.Config{DefaultCipher: packet.CipherAES256, Time: func() time.Time { return k.readAt }}
	plain, err := openpgp.Encrypt(armored, []*openpgp.Entity{k.entity}, nil, nil, config)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(plain, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"); err != nil {
		return err
	}
	quoted := quotedprintable.NewWriter(plain)
	if _, err := io.WriteString(quoted, text); err != nil {
		return err
	}
	return errors.Join(quoted.Close(), plain.Close(), armored.Close())
}
