package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"reprise/internal/secret"
	"reprise/internal/takedown"
)

// staff gives the trial's two accounts, made at the first start.
func (h *House) staff(ctx context.Context, file string) ([]Login, error) {
	text, err := os.ReadFile(filepath.Clean(file))
	if err == nil {
		var logins []Login
		if err := json.Unmarshal(text, &logins); err != nil {
			return nil, fmt.Errorf("read the trial's accounts: %w", err)
		}
		return logins, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read the trial's accounts: %w", err)
	}
	var logins []Login
	for _, role := range []takedown.Role{takedown.RoleCaseworker, takedown.RoleSupervisor} {
		l := Login{
			Role: role, Email: string(role) + "@" + trialDomain,
			Password: trialPassword(), TOTP: secret.NewTOTP(),
		}
		if err := h.takeUp(ctx, l); err != nil {
			return nil, err
		}
		logins = append(logins, l)
	}
	text, err = json.MarshalIndent(logins, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the trial's accounts: %w", err)
	}
	return logins, os.WriteFile(file, text, 0o600)
}

// trialPassword is four drawn words: long enough for the rule, short enough to
// type.
func trialPassword() string {
	w := secret.NewPhrase("en").Words()
	return w[0] + "-" + w[1] + "-" + w[2] + "-" + w[3]
}

// takeUp invites the login's account and takes the invitation up. The code is
// one of half a minute ago, so that the first person to sign in has not used
// the present one.
func (h *House) takeUp(ctx context.Context, l Login) error {
	name := map[takedown.Role]string{takedown.RoleCaseworker: "Camille", takedown.RoleSupervisor: "Dominique"}[l.Role]
	token, err := h.Office.Invite(ctx, l.Email, name, l.Role)
	if err != nil {
		return fmt.Errorf("invite the trial's %s: %w", l.Role, err)
	}
	if err := h.Office.TakeUp(ctx, token, name, l.Password, l.TOTP, l.Code(time.Now().Add(-30*time.Second))); err != nil {
		return fmt.Errorf("take up the trial's %s: %w", l.Role, err)
	}
	return nil
}
