package mail

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-smtp"
)

// Outcome is what is known of a mail whose sending failed.
type Outcome string

const (
	// NotSent: the server certainly has not taken it. It may be tried again later.
	NotSent Outcome = "not_sent"
	// Refused: the mail or its recipient was refused for good (5xx). Trying again is useless.
	Refused Outcome = "refused"
	// Unknown: the whole mail was handed over and no clear answer came. It may have
	// been delivered: ask Inbox.Has before anything else, and never resend blindly.
	Unknown Outcome = "unknown"
)

// SendError is the error of SMTP.Send. Its text holds no address and nothing that the
// server wrote, because servers repeat addresses in their answers.
type SendError struct {
	Outcome Outcome
	Step    string // build, connect, greeting, sign-in, sender, recipient, copy, data, text, final dot
	Code    int    // of the server's answer; 0 if there was none
	Detail  string // enhanced status such as 5.1.1 (RFC 3463), or ""
	Err     error  // never an answer of the server
}

func (e *SendError) Error() string {
	what := map[Outcome]string{
		NotSent: "mail not sent",
		Refused: "mail refused for good",
		Unknown: "mail sent without a clear answer",
	}[e.Outcome]
	switch {
	case e.Code != 0 && e.Detail != "":
		return fmt.Sprintf("%s: %s answered with %d %s", what, e.Step, e.Code, e.Detail)
	case e.Code != 0:
		return fmt.Sprintf("%s: %s answered with %d", what, e.Step, e.Code)
	case e.Step == "build" || errors.Is(e.Err, errNoAuth):
		return fmt.Sprintf("%s: %s: %v", what, e.Step, e.Err)
	default:
		return fmt.Sprintf("%s: %s: %s", what, e.Step, reason(e.Err))
	}
}

// Unwrap gives the cause, for errors.Is with the errors of context and of Build. Do
// not print it.
func (e *SendError) Unwrap() error { return e.Err }

var errNoAuth = errors.New("a password is set, but the server offers neither AUTH PLAIN nor LOGIN: check the port")

// notSent is a failure before the final dot that is not the recipient's refusal.
func notSent(ctx context.Context, step string, err error) *SendError {
	result := &SendError{Outcome: NotSent, Step: step}
	if answer := answerOf(err); answer != nil {
		result.Code, result.Detail = answer.Code, enhanced(answer)
		return result
	}
	result.Err = cause(ctx, err)
	return result
}

// failed is a failure before the final dot in which a 5xx is meant for this mail.
func failed(ctx context.Context, step string, err error) *SendError {
	result := notSent(ctx, step, err)
	if result.Code/100 == 5 {
		result.Outcome = Refused
	}
	return result
}

// afterDot is a failure after the whole mail was handed over. Only a clear no of the
// server (4xx, 5xx) means that it was not taken.
func afterDot(ctx context.Context, err error) *SendError {
	result := failed(ctx, "final dot", err)
	if kind := result.Code / 100; kind != 4 && kind != 5 {
		result.Outcome = Unknown
	}
	return result
}

func answerOf(err error) *smtp.SMTPError {
	var answer *smtp.SMTPError
	if errors.As(err, &answer) {
		return answer
	}
	return nil
}

func enhanced(answer *smtp.SMTPError) string {
	code := answer.EnhancedCode
	if code == (smtp.EnhancedCode{}) || code[0] < 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d", code[0], code[1], code[2])
}

// cause prefers the end of ctx, which shows itself as a closed connection.
func cause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
