package takedown

import "testing"

func TestALookIsJudgedByItsEvidence(t *testing.T) {
	for _, c := range []struct {
		name string
		e    Evidence
		want Sighting
	}{
		{"no connection", Evidence{Failure: FailureUnreachable}, SawUnreachable},
		{"no connection, whatever came before", Evidence{Failure: FailureUnreachable, Status: 404, Says: SaysGone}, SawUnreachable},
		{"a broken answer", Evidence{Failure: FailureAnswer, Status: 404}, SawUnclear},
		{"an address we do not go to", Evidence{Failure: FailureOurs, Status: 410}, SawUnclear},
		{"nothing at all", Evidence{}, SawUnclear},
		{"a near image", Evidence{Status: 200, Says: SaysContent, Near: true}, SawContent},
		{"a near image behind kind words", Evidence{Status: 200, Says: SaysGone, Near: true}, SawContent},
		{"a near image on a 404", Evidence{Status: 404, Near: true}, SawContent},
		{"a near image beside a login", Evidence{Status: 403, Says: SaysLogin, Near: true}, SawContent},
		{"451", Evidence{Status: 451}, SawGeoBlock},
		{"words of a country block", Evidence{Status: 200, Says: SaysGeo}, SawGeoBlock},
		{"a country block that answers 404", Evidence{Status: 404, Says: SaysGeo}, SawGeoBlock},
		{"a country block that answers 403", Evidence{Status: 403, Says: SaysGeo}, SawGeoBlock},
		{"401", Evidence{Status: 401, Says: SaysGone}, SawLogin},
		{"403", Evidence{Status: 403, Says: SaysGone}, SawLogin},
		{"407", Evidence{Status: 407, Says: SaysGone}, SawLogin},
		{"429", Evidence{Status: 429, Says: SaysGone}, SawLogin},
		{"a sign-in page", Evidence{Status: 200, Says: SaysLogin}, SawLogin},
		{"a sign-in page that answers 404", Evidence{Status: 404, Says: SaysLogin, HadMatch: true}, SawLogin},
		{"a sign-in page that answers 410", Evidence{Status: 410, Says: SaysLogin}, SawLogin},
		{"a captcha that answers 503", Evidence{Status: 503, Says: SaysLogin}, SawLogin},
		{"a sign-in page where an image was near", Evidence{Status: 200, Says: SaysLogin, HadMatch: true}, SawLogin},
		{"404", Evidence{Status: 404}, SawGone},
		{"410", Evidence{Status: 410, Says: SaysContent}, SawGone},
		{"500", Evidence{Status: 500, Says: SaysGone}, SawUnreachable},
		{"503", Evidence{Status: 503, HadMatch: true}, SawUnreachable},
		{"a redirect that was not followed", Evidence{Status: 302, Says: SaysGone}, SawUnclear},
		{"400", Evidence{Status: 400, Says: SaysGone}, SawUnclear},
		{"418", Evidence{Status: 418, HadMatch: true}, SawUnclear},
		{"100", Evidence{Status: 100}, SawUnclear},
		{"a soft 404", Evidence{Status: 200, Says: SaysGone}, SawGone},
		{"a soft 404 with other images", Evidence{Status: 200, Says: SaysGone, MediaFound: 9}, SawGone},
		{"a page never seen near", Evidence{Status: 200, Says: SaysContent, MediaFound: 3, MediaRead: 3}, SawContent},
		{"a page without images, never seen near", Evidence{Status: 200, Says: SaysContent}, SawContent},
		{"the page stands, the image is off it", Evidence{Status: 200, Says: SaysContent, MediaFound: 3, MediaRead: 3, HadMatch: true}, SawGone},
		{"the page stands without an image", Evidence{Status: 200, Says: SaysContent, HadMatch: true}, SawGone},
		{"one image could not be compared", Evidence{Status: 200, Says: SaysContent, MediaFound: 3, MediaRead: 2, HadMatch: true}, SawUnclear},
		{"an unclear page whose images are all others", Evidence{Status: 200, Says: SaysUnclear, MediaFound: 2, MediaRead: 2, HadMatch: true}, SawGone},
		{"an empty shell where an image was near", Evidence{Status: 200, Says: SaysUnclear, HadMatch: true}, SawUnclear},
		{"an empty shell", Evidence{Status: 200, Says: SaysUnclear}, SawUnclear},
		{"204", Evidence{Status: 204, Says: SaysContent}, SawContent},
		{"299", Evidence{Status: 299, Says: SaysContent}, SawContent},
		{"300", Evidence{Status: 300, Says: SaysContent}, SawUnclear},
	} {
		if got := c.e.Sighting(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// TestNeitherAWallNorAFailureIsEverGone goes over every combination of what a
// look can bring.
func TestNeitherAWallNorAFailureIsEverGone(t *testing.T) {
	walls := map[int]bool{401: true, 403: true, 407: true, 429: true, 451: true}
	everyEvidence(func(e Evidence) {
		got := e.Sighting()
		wall := walls[e.Status] || e.Says == SaysLogin || e.Says == SaysGeo
		if got == SawGone && (wall || e.Failure != FailureNone || e.Near || e.Status >= 500) {
			t.Errorf("%+v is judged gone", e)
		}
		if got == SawContent && !e.Near && (e.Status < 200 || e.Status > 299) {
			t.Errorf("%+v is judged there", e)
		}
	})
}

func everyEvidence(f func(Evidence)) {
	for _, failure := range []Failure{FailureNone, FailureUnreachable, FailureAnswer, FailureOurs} {
		for _, status := range []int{0, 100, 200, 204, 301, 400, 401, 403, 404, 407, 410, 429, 451, 500, 503} {
			for _, says := range []string{"", SaysContent, SaysGone, SaysLogin, SaysGeo, SaysUnclear} {
				for bits := range 16 {
					f(Evidence{
						Failure: failure, Status: status, Says: says, MediaFound: bits & 1, MediaRead: bits & 1 & (bits >> 1),
						Near: bits&4 > 0, HadMatch: bits&8 > 0,
					})
				}
			}
		}
	}
}
