package mail

import (
	"regexp"
	"strings"
)

var (
	// attribution is the line above a quotation: "On ... wrote:", "Le ... a écrit :".
	attribution = regexp.MustCompile(`(?i)^\s*(on|le|am|el|il)\s.*(wrote|a écrit|schrieb|escribió|ha scritto)\s*:\s*$`)
	// attributionStart is its first line when the mail program has folded it.
	attributionStart = regexp.MustCompile(`(?i)^\s*(on|le)\s.*\d{2,4}`)
	// original stands above an original that is not marked line by line.
	original = regexp.MustCompile(`(?i)^\s*(-{2,}\s*(original message|message d'origine|message original|forwarded message|message transféré)\s*-{2,}|_{20,}|begin forwarded message:)\s*$`)
	// copiedHeader is the first line of an original's header as some programs copy it.
	copiedHeader = regexp.MustCompile(`(?i)^\s*\*?(from|de)\s?:\*?\s.*\S`)
	copiedNext   = regexp.MustCompile(`(?i)^\s*\*?(sent|date|to|envoyé|à)\s?:`)
	// replyAbove is what ticket systems put at the top of what they send.
	replyAbove = regexp.MustCompile(`(?i)^[#\-\s]*(please type your reply above this line|merci de répondre au-dessus de cette ligne|répondez au-dessus de cette ligne)[#\-.\s]*$`)
)

// maxQuoteLine bounds the lines that are compared with the patterns above, in bytes.
const maxQuoteLine = 500

// Fresh returns what is new in a mail's text: lines marked with ">" and an original
// copied below are left out; text between quoted lines stays. It is a help for reading
// and guessing; the whole text is kept beside it.
func Fresh(text string) string {
	lines := strings.Split(text, "\n")
	var fresh []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], " \t")
		rest := lines[i+1:]
		switch {
		case strings.HasPrefix(line, ">"):
			continue
		case len(line) > maxQuoteLine:
			fresh = append(fresh, line)
			continue
		case replyAbove.MatchString(line):
			continue
		case original.MatchString(line), copiesHeader(line, rest):
			return tidy(fresh)
		}
		if n := attributionLines(line, rest); n > 0 {
			if !quotedNext(lines[i+n:]) {
				return tidy(fresh) // the original follows without marks
			}
			i += n - 1
			continue
		}
		fresh = append(fresh, line)
	}
	return tidy(fresh)
}

// attributionLines counts the lines of an attribution that begins here; 0 if none does.
func attributionLines(line string, rest []string) int {
	if attributes(line) {
		return 1
	}
	if len(rest) > 0 && len(rest[0]) < maxQuoteLine && attributionStart.MatchString(line) && attributes(line+" "+rest[0]) {
		return 2
	}
	return 0
}

// attributes asks the cheap question first: most lines do not end in a colon.
func attributes(line string) bool {
	return strings.HasSuffix(strings.TrimRight(line, " \t"), ":") && attribution.MatchString(line)
}

func copiesHeader(line string, rest []string) bool {
	return len(rest) > 0 && copiedHeader.MatchString(line) && copiedNext.MatchString(rest[0])
}

// quotedNext tells whether the next line that is not empty is marked as quoted.
func quotedNext(lines []string) bool {
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			return strings.HasPrefix(line, ">")
		}
	}
	return false
}

var manyEmpty = regexp.MustCompile(`\n{3,}`)

func tidy(lines []string) string {
	return strings.TrimSpace(manyEmpty.ReplaceAllString(strings.Join(lines, "\n"), "\n\n"))
}
