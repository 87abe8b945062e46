// Package reporter is what a person does in her own case once it is open: what she
// reads there, says, changes and takes back.
//
// It stands beside the desk on the frame of casework: each use case checks that the
// case is hers, asks the rule of takedown, and keeps the change with its event in
// one transaction. What the desk or the schedule does is casework's.
package reporter

import "reprise/internal/casework"

// Space is a person's side of the house: all that the portal may ask for.
type Space struct{ *casework.Office }
