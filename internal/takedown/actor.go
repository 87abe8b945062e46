package takedown

import "slices"

// Role is who acts.
type Role string

// The roles.
const (
	RoleReporter      Role = "reporter"
	RoleCaseworker    Role = "caseworker"
	RoleSupervisor    Role = "supervisor"
	RoleAdministrator Role = "administrator"
	RoleAuditor       Role = "auditor"
	RolePartner       Role = "partner"
	RoleSystem        Role = "system" // the schedule and its jobs
	RoleNobody        Role = ""       // not signed in
)

// StaffRoles lists the roles that sign in at the console.
func StaffRoles() []Role {
	return []Role{RoleCaseworker, RoleSupervisor, RoleAdministrator, RoleAuditor}
}

// Label gives a role in words.
func (r Role) Label() Text {
	switch r {
	case RoleReporter:
		return Text{"la personne", "the person"}
	case RoleCaseworker:
		return Text{"intervenante", "caseworker"}
	case RoleSupervisor:
		return Text{"responsable", "supervisor"}
	case RoleAdministrator:
		return Text{"administration", "administrator"}
	case RoleAuditor:
		return Text{"audit", "auditor"}
	case RolePartner:
		return Text{"plateforme partenaire", "partner platform"}
	case RoleSystem:
		return Text{"automatique", "automatic"}
	case RoleNobody:
		return Text{"sans connexion", "not signed in"}
	}
	return Text{}
}

// Permission is something an actor may do.
type Permission string

// The permissions, by stage of the work.
const (
	MayOpenCase      Permission = "open_case"
	MayEnterCase     Permission = "enter_case"
	MayFollowOwnCase Permission = "follow_own_case"
	MayAddToOwnCase  Permission = "add_to_own_case"
	MayWithdraw      Permission = "withdraw"
	MayErase         Permission = "erase"
	MaySignIn        Permission = "sign_in"
	MayReadCases     Permission = "read_cases"
	MayTriage        Permission = "triage"
	MayDecideMatch   Permission = "decide_match"
	MayPlan          Permission = "plan"
	MayApprove       Permission = "approve"
	MayApplyReply    Permission = "apply_reply"
	MayClose         Permission = "close"
	MayWrite         Permission = "write" // to the person, and ask her
	MayRenewPhrase   Permission = "renew_phrase"
	MayReadDirectory Permission = "read_directory"
	MayEditDirectory Permission = "edit_directory"
	MayVerifyContact Permission = "verify_contact"
	MayEditNegatives Permission = "edit_negatives"
	MayInvite        Permission = "invite"
	MayRunJobs       Permission = "run_jobs"
	MayMendJobs      Permission = "mend_jobs"
	MayCount         Permission = "count"
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{
		MayOpenCase, MayEnterCase, MayFollowOwnCase, MayAddToOwnCase, MayWithdraw, MayErase, MaySignIn,
		MayReadCases, MayTriage, MayDecideMatch, MayPlan, MayApprove, MayApplyReply, MayClose, MayWrite,
		MayRenewPhrase, MayReadDirectory, MayEditDirectory, MayVerifyContact, MayEditNegatives, MayInvite, MayRunJobs, MayMendJobs, MayCount,
	}
}

// Actor is who acts: an argument of every use case, never in a context.
type Actor struct {
	Role Role
	ID   string // of the account; of the case for a reporter; "" for system and nobody
	Name string // shown on the console's screens only
}

// System is the actor of the schedule and its jobs.
func System() Actor { return Actor{Role: RoleSystem} }

// May tells whether the role has the permission. The table is this switch.
func (a Actor) May(p Permission) bool { return slices.Contains(permissionsOf(a.Role), p) }

func permissionsOf(r Role) []Permission {
	switch r {
	case RoleNobody:
		return []Permission{MayOpenCase, MayEnterCase, MaySignIn}
	case RoleReporter:
		return []Permission{MayFollowOwnCase, MayAddToOwnCase, MayWithdraw, MayErase}
	case RoleCaseworker:
		return []Permission{
			MayReadCases, MayTriage, MayDecideMatch, MayPlan, MayApprove, MayApplyReply, MayClose, MayWrite,
			MayRenewPhrase, MayReadDirectory, MayVerifyContact, MayMendJobs, MayCount,
		}
	case RoleSupervisor:
		return append(permissionsOf(RoleCaseworker), MayEditDirectory, MayEditNegatives)
	case RoleAdministrator:
		return []Permission{MayInvite, MayMendJobs, MayReadDirectory, MayCount}
	case RoleAuditor:
		return []Permission{MayCount}
	case RoleSystem:
		return []Permission{MayRunJobs}
	}
	return nil
}

// StaffRole tells whether a role is one that signs in at the console.
func StaffRole(r Role) error {
	if !slices.Contains(StaffRoles(), r) {
		return Refuse(Invalid, "error.role")
	}
	return nil
}
