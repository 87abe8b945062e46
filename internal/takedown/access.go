package takedown

// Criterion is one criterion of RGAA, the French method of checking whether
// everyone can use a site, and how it stands.
type Criterion struct {
	ID    string // theme and number, as "9.1"
	State string // one of CriterionStates
	By    string // the automatic check that found no fault, "" for none
	Title Said
}

// How a criterion stands: an automatic check finds no fault, it is not kept by
// choice, no person has looked yet, or there is nothing it could apply to.
const (
	CriterionOK     = "ok"
	CriterionNot    = "no"
	CriterionPerson = "person"
	CriterionNone   = "na"
)

// CriterionStates lists how a criterion can stand.
func CriterionStates() []string {
	return []string{CriterionOK, CriterionPerson, CriterionNot, CriterionNone}
}
