// Package journey tells the main job as its people live it: a person at the
// portal, a caseworker at the console, made-up hosts that remove, refuse, stay
// silent or pretend. Every journey runs the whole house through its real doors,
// on both databases. The package holds tests only.
package journey
