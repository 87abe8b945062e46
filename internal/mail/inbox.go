package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	// MaxMail is the largest part of a mail that is read, in bytes.
	MaxMail = 1 << 20
	// MaxFetch is the largest number of mails of one Fetch.
	MaxFetch = 100

	maxFetchBytes = 16 << 20
)

// Inbox reads the association's mailbox over IMAP. It changes nothing there: mails
// stay unread. Every call is a connection of its own.
type Inbox struct {
	// RootCAs verify the server's certificate; nil means those of the system.
	RootCAs *x509.CertPool

	server server
	folder string
	copies string
}

// Cursor is a place in a folder, kept by the caller. The zero value is the beginning.
// When the server renumbers the folder (UIDVALIDITY changes, RFC 3501 section 2.3.1.1),
// Fetch begins anew, and Reply.Hash tells what was seen before.
type Cursor struct {
	UIDValidity uint32
	UID         uint32
}

// Raw is one fetched mail. If it is larger than MaxMail, TooLarge is set and Bytes is
// its beginning: header and text mostly come first.
type Raw struct {
	UID      uint32
	Bytes    []byte
	TooLarge bool
}

// ParseInbox reads imap(s)://user:password@host:port/folder. TLS from the first byte
// (imaps, port 993) is demanded unless the host is loopback. The folder is INBOX if none
// is given. ?copies=Name names the folder of our own copies, if they are kept apart.
func ParseInbox(text string) (*Inbox, error) {
	s, err := parseServer(scheme{name: "imap", plainPort: "143", sPort: "993"}, text)
	if err != nil {
		return nil, fmt.Errorf("read the inbox setting: %w", err)
	}
	if !s.implicit && !s.loopback() {
		return nil, errors.New("read the inbox setting: imap:// would send the password in clear: use imaps://")
	}
	if s.password == nil {
		return nil, errors.New("read the inbox setting: a user and a password are needed")
	}
	inbox := &Inbox{server: s, folder: s.path, copies: s.query.Get("copies")}
	if inbox.folder == "" {
		inbox.folder = "INBOX"
	}
	return inbox, nil
}

// Fetch returns the mails after a place, oldest first, and the place after the last of
// them: at most MaxFetch, and fewer if they are large. Fewer than MaxFetch does not
// mean that there are no more: only an empty answer does.
func (i *Inbox) Fetch(ctx context.Context, after Cursor) ([]Raw, Cursor, error) {
	client, closeAll, err := i.open(ctx)
	if err != nil {
		return nil, after, err
	}
	defer closeAll()
	selected, err := client.Select(i.folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, after, imapError(ctx, "open the inbox folder", err)
	}
	if selected.UIDValidity != after.UIDValidity {
		after = Cursor{UIDValidity: selected.UIDValidity}
	}
	uids, err := newer(client, after.UID)
	if err != nil {
		return nil, after, imapError(ctx, "list the inbox", err)
	}
	return i.fetchAll(ctx, client, uids, after)
}

// newer lists the UIDs above one, in order.
func newer(client *imapclient.Client, uid uint32) ([]imap.UID, error) {
	var above imap.UIDSet
	above.AddRange(imap.UID(uid)+1, 0)
	found, err := client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{above}}, nil).Wait()
	if err != nil {
		return nil, err
	}
	uids := found.AllUIDs()
	slices.Sort(uids)
	// "n:*" always means the last mail too, however low its UID (RFC 3501 section 6.4.8).
	first, _ := slices.BinarySearch(uids, imap.UID(uid)+1)
	return uids[first:min(len(uids), first+MaxFetch)], nil
}

// fetchAll fetches one by one, which bounds memory; the cursor goes on only past what
// was fetched or is gone.
func (i *Inbox) fetchAll(ctx context.Context, client *imapclient.Client, uids []imap.UID, at Cursor) ([]Raw, Cursor, error) {
	var mails []Raw
	total := 0
	for _, uid := range uids {
		raw, err := fetchOne(client, uid)
		if err != nil {
			return mails, at, imapError(ctx, "fetch a mail", err)
		}
		at.UID = uint32(uid)
		if raw == nil {
			continue // deleted since it was listed
		}
		mails = append(mails, Raw{UID: uint32(uid), Bytes: raw[:min(len(raw), MaxMail)], TooLarge: len(raw) > MaxMail})
		if total += len(raw); total >= maxFetchBytes {
			break
		}
	}
	return mails, at, nil
}

// fetchOne returns at most MaxMail+1 bytes of a mail; nil if there is no such mail.
func fetchOne(client *imapclient.Client, uid imap.UID) ([]byte, error) {
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: MaxMail + 1}}
	command := client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}})
	var raw []byte
	var err error
	for found := command.Next(); found != nil; found = command.Next() {
		for item := found.Next(); item != nil; item = found.Next() {
			body, ok := item.(imapclient.FetchItemDataBodySection)
			if !ok || body.Literal == nil {
				continue
			}
			// A server may send more than was asked for.
			if raw, err = io.ReadAll(io.LimitReader(body.Literal, MaxMail+1)); err != nil {
				return nil, err
			}
		}
	}
	return raw, command.Close()
}

// Has tells whether a mail with this Message-ID (without brackets) is in the folder, or
// in the folder of copies: the proof that a mail of unknown outcome did leave.
func (i *Inbox) Has(ctx context.Context, messageID string) (bool, error) {
	if !foreignID.MatchString(messageID) {
		return false, ErrMessageID
	}
	client, closeAll, err := i.open(ctx)
	if err != nil {
		return false, err
	}
	defer closeAll()
	for _, folder := range i.folders() {
		found, err := searchID(client, folder, messageID)
		if err != nil {
			return false, imapError(ctx, "search for a Message-ID", err)
		}
		if found {
			return true, nil
		}
	}
	return false, nil
}

func (i *Inbox) folders() []string {
	if i.copies == "" {
		return []string{i.folder}
	}
	return []string{i.copies, i.folder}
}

// searchID looks for the whole bracketed id, for IMAP finds parts of words too.
func searchID(client *imapclient.Client, folder, messageID string) (bool, error) {
	if _, err := client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return false, err
	}
	found, err := client.UIDSearch(&imap.SearchCriteria{
		Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: "<" + messageID + ">"}},
	}, nil).Wait()
	if err != nil {
		return false, err
	}
	return len(found.AllUIDs()) > 0, nil
}

// open connects and signs in. The end of ctx cuts the connection.
func (i *Inbox) open(ctx context.Context) (*imapclient.Client, func(), error) {
	conn, raw, err := i.server.dial(ctx, i.RootCAs)
	if err != nil {
		return nil, nil, imapError(ctx, "connect to the inbox", err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	client := imapclient.New(conn, nil)
	closeAll := func() {
		stop()
		closeClient(client, raw)
	}
	if err := client.Login(i.server.user, *i.server.password).Wait(); err != nil {
		closeAll()
		return nil, nil, imapError(ctx, "sign in to the inbox", err)
	}
	return client, closeAll, nil
}

// closeClient says goodbye by closing: nothing was changed that needs a LOGOUT.
func closeClient(client *imapclient.Client, raw net.Conn) {
	raw.Close()
	client.Close()
}

// imapError names what was tried. A server's own words are left out, except that a
// "no" is told from a broken connection.
func imapError(ctx context.Context, tried string, err error) error {
	var answer *imap.Error
	if errors.As(err, &answer) {
		return fmt.Errorf("%s: the server answered %s: check the user, password and folder of the inbox", tried, answer.Type)
	}
	err = cause(ctx, err)
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %s: %w", tried, reason(err), ctx.Err())
	}
	return fmt.Errorf("%s: %s", tried, reason(err))
}
