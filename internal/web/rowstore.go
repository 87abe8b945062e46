package web

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"reprise/internal/takedown"
)

// rowStore is a gorilla/sessions store over the rows of the database.
type rowStore struct{ *Server }

type rowKey struct{}

// Get gives the session of a request (sessions.Store).
func (r *rowStore) Get(req *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(req).Get(r, name)
}

// New loads the row that the request's cookie names (sessions.Store).
func (r *rowStore) New(req *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(r, name)
	s.IsNew = true
	cookie, err := req.Cookie(name)
	if err != nil || len(cookie.Value) > 64 {
		return s, nil //nolint:nilerr // no cookie: a new visit
	}
	row, err := r.Sessions.Load(req.Context(), hashOf(cookie.Value))
	if takedown.KindOf(err) == takedown.NotFound {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load the session: %w", err)
	}
	if r.over(row) {
		return s, r.Sessions.End(req.Context(), row.TokenHash)
	}
	if err := r.lift(s, row); err != nil {
		return nil, err
	}
	values := map[string]string{}
	if err := json.Unmarshal(row.Data, &values); err != nil {
		return s, fmt.Errorf("read the session: %w", err)
	}
	for k, v := range values {
		s.Values[k] = v
	}
	s.ID, s.IsNew = cookie.Value, false
	s.Values[rowKey{}] = row
	return s, r.touch(req.Context(), row)
}

func (r *rowStore) over(row Row) bool {
	now, idle, absolute := r.Now(), r.Idle, r.Absolute
	if row.Owner == "" && r.Kept > 0 {
		idle, absolute = r.Kept, r.KeptAtMost
	}
	return now.Sub(row.SeenAt) >= idle || now.Sub(row.CreatedAt) >= absolute
}

// touch notes that the session is in use, at most twice a minute.
func (r *rowStore) touch(ctx context.Context, row Row) error {
	if r.Now().Sub(row.SeenAt) < touchEvery {
		return nil
	}
	if err := r.Sessions.Touch(ctx, row.TokenHash, r.Now()); err != nil {
		return fmt.Errorf("touch the session: %w", err)
	}
	return nil
}

// Save keeps what this request changed of the session, and gives a new one its
// cookie once it is kept (sessions.Store). Requests of two tabs run beside each
// other: what one did not touch it leaves as the other kept it.
func (r *rowStore) Save(req *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	row, _ := s.Values[rowKey{}].(Row)
	values := map[string]string{}
	for k, v := range s.Values {
		name, okName := k.(string)
		value, okValue := v.(string)
		if okName && okValue {
			values[name] = value
		}
	}
	var err error
	if s.ID == "" {
		err = r.add(req.Context(), w, s, &row, values)
	} else {
		err = r.change(req.Context(), &row, values)
	}
	s.Values[rowKey{}] = row
	return err
}

func (r *rowStore) add(ctx context.Context, w http.ResponseWriter, s *sessions.Session, row *Row, values map[string]string) (err error) {
	id := randomToken()
	if row.Data, err = packed(values); err != nil {
		return err
	}
	row.TokenHash, row.CreatedAt, row.SeenAt = hashOf(id), r.Now(), r.Now()
	if err := r.Sessions.Add(ctx, *row); err != nil {
		return err
	}
	s.ID = id
	http.SetCookie(w, r.cookie(id, 0))
	return nil
}

// change applies the difference to what was loaded.
func (r *rowStore) change(ctx context.Context, row *Row, values map[string]string) error {
	loaded := map[string]string{}
	if err := json.Unmarshal(row.Data, &loaded); err != nil {
		return fmt.Errorf("read the session: %w", err)
	}
	err := r.Sessions.Change(ctx, row.TokenHash, r.Now(), func(data []byte) ([]byte, error) {
		now := map[string]string{}
		if err := json.Unmarshal(data, &now); err != nil {
			return nil, fmt.Errorf("read the session: %w", err)
		}
		for name := range loaded {
			if _, stays := values[name]; !stays {
				delete(now, name)
			}
		}
		for name, value := range values {
			switch before, was := loaded[name]; {
			case was && before == value:
			case r.Merge != nil && now[name] != before:
				now[name] = r.Merge(name, before, now[name], value)
			default:
				now[name] = value
			}
		}
		kept, err := packed(now)
		if err == nil {
			row.Data = kept
		}
		return kept, err
	})
	if takedown.KindOf(err) == takedown.NotFound {
		return errSessionOver
	}
	return err
}

func packed(values map[string]string) ([]byte, error) {
	data, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("write the session: %w", err)
	}
	if len(data) > maxSession {
		return nil, echo.NewHTTPError(http.StatusRequestEntityTooLarge)
	}
	return data, nil
}

func hashOf(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
