package portal

import "testing"

func TestFormLeadsFromTheFirstQuestionToTheReceipt(t *testing.T) {
	h := newHouse(t)
	v := h.visitor()
	v.fillIn()
	v.has("2 adresses", "1 empreinte")
	v.post("/f", "do", "submit")
	v.has("123 456 789", deskPhrase)
	if v.page.path != "/f" || !v.page.handle("case-number") || !v.page.handle("case-phrase") {
		t.Errorf("the receipt is not shown: %s", plain(v.page.body))
	}
	if len(h.desk.opened) != 1 {
		t.Fatalf("%d cases were opened", len(h.desk.opened))
	}
	n := h.desk.opened[0]
	if n.Addresses != "https://pics.example/a\nhttps://pics.example/b" || len(n.References) != 1 || n.Key == "" || !n.Statements.Complete() {
		t.Errorf("the case is not what was filled in: %d references, statements %v", len(n.References), n.Statements)
	}
	v.get("/s")
	v.has("Votre dossier")
	v.get("/f")
	v.has(deskPhrase)
}
