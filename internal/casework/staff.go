package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"reprise/internal/jobs"
	"reprise/internal/mail"
	"reprise/internal/secret"
	"reprise/internal/store"
	"reprise/internal/takedown"
)

const inviteFor = 24 * time.Hour

// ErrWrongSignIn is the one answer to an unknown address, a wrong password and
// a wrong code.
var ErrWrongSignIn = takedown.Refuse(takedown.Forbidden, "error.sign_in")

// Invite makes an account that waits to be taken up, and gives the token of its
// one-time link (128 bits and more, valid for a day). It runs at the command
// line of the one who operates the service.
func (o *Office) Invite(ctx context.Context, email, name string, role takedown.Role) (token string, err error) {
	clean, err := mail.Address(email)
	if err != nil {
		return "", takedown.Refuse(takedown.Invalid, "error.email")
	}
	if err := takedown.StaffRole(role); err != nil {
		return "", err
	}
	token = secret.NewToken()
	operator := takedown.Actor{Role: takedown.RoleAdministrator, ID: "command"}
	err = o.Change(ctx, operator, takedown.MayInvite, func(c *Change) error {
		a := store.Account{
			ID: secret.NewID(), Email: takedown.NewPrivate(clean), Name: takedown.NewPrivate(name), Role: role,
			Lang: takedown.French, InviteHash: secret.TokenHash(token), InvitedUntil: c.Now.Add(inviteFor), CreatedAt: c.Now,
		}
		if err := c.AddAccount(a); err != nil {
			return err
		}
		return c.Event("staff.invite", "", "", a.ID)
	})
	return token, err
}

// Invitation gives the account a token invites, with the second factor it is to
// be set up with. ErrNotFound for a token that is unknown, used or too old.
func (o *Office) Invitation(ctx context.Context, token string) (store.Account, error) {
	var a store.Account
	err := o.Read(ctx, takedown.Actor{}, takedown.MaySignIn, func(tx *store.Tx) (err error) {
		a, err = tx.AccountByInvite(secret.TokenHash(token))
		return err
	})
	if err == nil && !o.now().Before(a.InvitedUntil) {
		return store.Account{}, takedown.ErrNotFound
	}
	return a, err
}

// TakeUp sets the name, password and second factor of an invited account. code
// proves that the second factor was set up. The invitation is used up.
func (o *Office) TakeUp(ctx context.Context, token, name, password, totp, code string) error {
	a, err := o.Invitation(ctx, token)
	if err != nil {
		return err
	}
	if err := secret.CheckPassword(password, a.Email.Reveal(), o.Organisation.Name, name); err != nil {
		return takedown.Refuse(takedown.Invalid, "error.password")
	}
	step, ok := secret.TOTPStep(totp, code, o.Wall(), 0)
	if !ok {
		return takedown.Refuse(takedown.Invalid, "error.code")
	}
	hash, err := o.Keys.HashPassword(ctx, password)
	if err != nil {
		return busy(err)
	}
	return o.Change(ctx, takedown.Actor{}, takedown.MaySignIn, func(c *Change) error {
		a, err := c.AccountByInvite(secret.TokenHash(token))
		if err != nil {
			return err
		}
		if name != "" {
			a.Name = takedown.NewPrivate(name)
		}
		a.Password, a.TOTP, a.TOTPStep, a.Active = hash, takedown.NewPrivate(totp), step, true
		if err := c.SaveCredentials(a); err != nil {
			return err
		}
		c.Actor = takedown.Actor{Role: a.Role, ID: a.ID}
		return c.Event("staff.take_up", "", "", a.ID)
	})
}

// SignIn checks address, password and code, and gives the actor. A code's time
// step is accepted once.
func (o *Office) SignIn(ctx context.Context, email, password, code string) (takedown.Actor, error) {
	var a store.Account
	err := o.Read(ctx, takedown.Actor{}, takedown.MaySignIn, func(tx *store.Tx) (err error) {
		a, err = tx.AccountByEmail(email)
		return err
	})
	if takedown.KindOf(err) == takedown.NotFound {
		if err := o.Keys.DummyPassword(ctx, password); errors.Is(err, secret.ErrBusy) {
			return takedown.Actor{}, busy(err)
		}
		return takedown.Actor{}, ErrWrongSignIn
	}
	if err != nil {
		return takedown.Actor{}, err
	}
	right, err := o.Keys.VerifyPassword(ctx, a.Password, password)
	if err != nil && !errors.Is(err, secret.ErrRecipe) {
		return takedown.Actor{}, busy(err)
	}
	step, fresh := secret.TOTPStep(a.TOTP.Reveal(), code, o.Wall(), a.TOTPStep)
	if !right || !fresh || !a.Active {
		return takedown.Actor{}, ErrWrongSignIn
	}
	return o.signedIn(ctx, a, step)
}

func (o *Office) signedIn(ctx context.Context, a store.Account, step int64) (takedown.Actor, error) {
	actor := takedown.Actor{Role: a.Role, ID: a.ID, Name: a.Name.Reveal()}
	err := o.Change(ctx, takedown.Actor{}, takedown.MaySignIn, func(c *Change) error {
		if err := c.AcceptStep(a.ID, step); err != nil {
			return err
		}
		c.Actor = actor
		return c.Event("staff.sign_in", "", "", a.ID)
	})
	if takedown.KindOf(err) == takedown.Conflict {
		return takedown.Actor{}, ErrWrongSignIn // the code was used meanwhile
	}
	return actor, err
}

// Actor gives the actor of a signed-in account as it stands now: a change of
// role or the end of an account counts at the next request.
func (o *Office) Actor(ctx context.Context, accountID string) (takedown.Actor, error) {
	var a store.Account
	err := o.Read(ctx, takedown.Actor{}, takedown.MaySignIn, func(tx *store.Tx) (err error) {
		a, err = tx.AccountByID(accountID)
		return err
	})
	if err != nil {
		return takedown.Actor{}, err
	}
	if !a.Active {
		return takedown.Actor{}, takedown.ErrNotFound
	}
	return takedown.Actor{Role: a.Role, ID: a.ID, Name: a.Name.Reveal()}, nil
}

// DeadJobs lists the work that gave up and waits for a person.
func (o *Office) DeadJobs(ctx context.Context, actor takedown.Actor) ([]jobs.DeadJob, error) {
	if !actor.May(takedown.MayMendJobs) {
		return nil, takedown.ErrForbidden
	}
	dead, err := o.Jobs.Dead(ctx)
	if err != nil {
		return nil, fmt.Errorf("list dead jobs: %w", err)
	}
	return dead, nil
}

// RetryJob lets work that gave up try again.
func (o *Office) RetryJob(ctx context.Context, actor takedown.Actor, id int64) error {
	if !actor.May(takedown.MayMendJobs) {
		return takedown.ErrForbidden
	}
	if err := o.Jobs.Retry(ctx, id); errors.Is(err, jobs.ErrNotDead) {
		return takedown.ErrNotFound
	} else if err != nil {
		return fmt.Errorf("retry a job: %w", err)
	}
	return nil
}
