package takedown

import "testing"

// permissionTable is who may do what, written out. The columns are shortened.
const permissionTable = `
                 nobody reporter caseworker supervisor administrator auditor partner system
open_case        yes    -        -          -          -             -       -       -
enter_case       yes    -        -          -          -             -       -       -
sign_in          yes    -        -          -          -             -       -       -
follow_own_case  -      yes      -          -          -             -       -       -
add_to_own_case  -      yes      -          -          -             -       -       -
withdraw         -      yes      -          -          -             -       -       -
erase            -      yes      -          -          -             -       -       -
read_cases       -      -        yes        yes        -             -       -       -
triage           -      -        yes        yes        -             -       -       -
decide_match     -      -        yes        yes        -             -       -       -
plan             -      -        yes        yes        -             -       -       -
approve          -      -        yes        yes        -             -       -       -
apply_reply      -      -        yes        yes        -             -       -       -
close            -      -        yes        yes        -             -       -       -
write            -      -        yes        yes        -             -       -       -
renew_phrase     -      -        yes        yes        -             -       -       -
read_directory   -      -        yes        yes        yes           -       -       -
verify_contact   -      -        yes        yes        -             -       -       -
edit_directory   -      -        -          yes        -             -       -       -
edit_negatives   -      -        -          yes        -             -       -       -
invite           -      -        -          -          yes           -       -       -
run_jobs         -      -        -          -          -             -       -       yes
mend_jobs        -      -        yes        yes        yes           -       -       -
count            -      -        yes        yes        yes           yes     -       -
`

func TestEveryRoleMayDoWhatIsWrittenAndNothingElse(t *testing.T) {
	roles := map[string]bool{}
	pairs := grid(t, permissionTable, func(row, column, want string) {
		role := Role(column)
		if column == "nobody" {
			role = RoleNobody
		}
		roles[column] = true
		if got := (Actor{Role: role}).May(Permission(row)); got != (want == "yes") {
			t.Errorf("%s, %s: got %v", column, row, got)
		}
	})
	if want := len(Permissions()) * 8; pairs != want {
		t.Errorf("the table has %d pairs, want %d", pairs, want)
	}
	for _, r := range StaffRoles() {
		if !roles[string(r)] {
			t.Errorf("%s is not in the table", r)
		}
	}
}

func TestAnUnknownRoleOrPermissionIsRefused(t *testing.T) {
	for _, r := range everyRole() {
		for _, p := range []Permission{"", "made_up"} {
			if (Actor{Role: r}).May(p) {
				t.Errorf("%q may %q", r, p)
			}
		}
	}
	for _, p := range Permissions() {
		if (Actor{Role: "made_up"}).May(p) {
			t.Errorf("an unknown role may %s", p)
		}
	}
	if System().Role != RoleSystem || System().ID != "" {
		t.Errorf("the schedule acts as %+v", System())
	}
}

func everyRole() []Role {
	return append(StaffRoles(), RoleReporter, RolePartner, RoleSystem, RoleNobody)
}
