// Package takedown is the language of Reprise and the rules its words obey.
//
// Every noun of the work is a type here (Case, Item, Reference, Observation,
// Match, Request, Notice, Recipient, Ground, Update, Event), every state a
// string constant, and every rule a method that takes the time as an argument
// and returns an error of one of the five kinds in errors.go. The package uses
// the standard library alone and touches no clock, file, network, database or
// log, so that each rule can be read, and tested over all pairs, by itself.
//
// What is there (Presence) and what we asked (Request) are two axes that never
// mix: observations change the first, people and answers the second. What the
// person reads (Step) is derived from both and stored nowhere.
package takedown
