package reporter

import (
	"testing"

	"reprise/internal/takedown"
)

func TestAnotherPhraseOpensTheCaseUntilOneIsKnown(t *testing.T) {
	onBothData(t, func(t *testing.T, h *dataHouse) {
		first, second := h.NewPhrase(takedown.French), h.NewPhrase(takedown.French)
		receipt, err := h.OpenCase(h.ctx, takedown.Actor{}, takedown.NewCase{
			Key: "key", Phrase: first, Age: takedown.AgeAdult, Harm: takedown.HarmUnsaid, Lang: takedown.French, OnBehalf: true, Capacity: takedown.CapacityLawyer,
			Statements: takedown.Statements{NotConsented: true, GoodFaith: true, Mandate: true}, Addresses: "https://www.instagram.com/p/1",
			Contact: takedown.Contact{Frequency: takedown.MailNever},
		})
		h.must(err)
		her := takedown.Actor{Role: takedown.RoleReporter, ID: receipt.CaseID}
		h.must(h.NewPhraseFor(h.ctx, her, second))
		if _, err := h.Enter(h.ctx, receipt.Number, first); takedown.KindOf(err) != takedown.NotFound {
			t.Errorf("the first phrase still opens the case: %v", err)
		}
		if _, err := h.Enter(h.ctx, receipt.Number, second); err != nil {
			t.Errorf("the second does not: %v", err)
		}
		if err := h.NewPhraseFor(h.ctx, her, first); takedown.KindOf(err) != takedown.Conflict {
			t.Errorf("a phrase that was used is replaced: %v", err)
		}
		if _, err := h.Enter(h.ctx, receipt.Number, second); err != nil {
			t.Errorf("it opens nothing any more: %v", err)
		}
		d, err := h.Dossier(h.ctx, her)
		h.must(err)
		if d.Case.Capacity != takedown.CapacityLawyer {
			t.Errorf("the capacity is %q", d.Case.Capacity)
		}
		names, err := h.PlatformsOf(h.ctx, []string{"www.instagram.com", "nobody.example"})
		if h.must(err); len(names) != 1 || names["www.instagram.com"] != "Instagram (Meta)" {
			t.Errorf("the platforms are %v", names)
		}
	})
}
