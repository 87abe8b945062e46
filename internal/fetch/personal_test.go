package fetch

import "testing"

func TestOrdinaryMediaAddressesAreNotPersonal(t *testing.T) {
	for _, u := range []string{
		"https://www.example.com/video/123456",
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PLx0sYbCqOb8T",
		"https://youtu.be/dQw4w9WgXcQ",
		"https://www.instagram.com/p/C5xKz9PtQ1a/",
		"https://x.com/someone/status/1789012345678901234/photo/1",
		"https://pbs.twimg.com/media/GabcDEfXwAAq1Zk?format=jpg&name=large",
		"https://i.imgur.com/a1B2c3D.jpg",
		"https://www.reddit.com/r/pics/comments/1abcd2e/a_very_long_title_of_a_post_in_2024/",
		"https://www.example.com/view_video.php?viewkey=ph5f3e1a2b3c4d5",
		"https://www.example.com/2024/05/17/ma-tres-longue-page-de-vacances-a-la-mer-numero-12345.html",
		"https://d1a2b3c4e5f6g7.cloudfront.net/photos/IMG_20240517_183045.jpg",
		"https://scontent.example.com/v/123456789_1234567890123456_1234567890123456789_n.jpg",
		"https://r3---sn-25glene7.googlevideo.com/videoplayback",
		"https://www.example.com/MyHolidayVideoFromTheSummerAtTheSea.mp4",
		"https://www.example.com/donaudampfschifffahrtsgesellschaftskapitaen",
		"https://www.example.com/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82-%D0%BC%D0%B8%D1%80-%D0%B8-%D0%B2%D1%81%D0%B5%D0%BC",
		"https://www.example.com/?utm_source=newsletter&utm_medium=email&utm_campaign=spring2024",
		"https://t.me/s/channel_name/12345",
	} {
		if LooksPersonal(Judge(u).Canonical) {
			t.Errorf("%s looks personal", u)
		}
	}
}

// Row 32: an address made for one reader.
func TestBomb32AddressesMadeForOneReaderArePersonal(t *testing.T) {
	for _, u := range []string{
		"https://www.example.com/a?src=550e8400-e29b-41d4-a716-446655440000",
		"https://www.example.com/550E8400-E29B-41D4-A716-446655440000/a.jpg",
		"https://www.example.com/p/9f86d081884c7d659a2feaa0c55ad015",
		"https://www.example.com/p?t=9f86d081884c7d659a2feaa0",
		"https://www.example.com/t/aGVsbG8gd29ybGQgMTIzNDU2Nzg5",
		"https://www.example.com/t/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
		"https://k7f3q9x2m4z8w1v6b5n0.example.com/",
		"https://www.example.com/?k7f3-q9x2-m4z8-w1v6-b5n0",
		"https://www.example.com/a?id=83749283749283749283749283749283",
		"https://www.example.com/a?u=%6b7f3q9x2m4z8w1v6b5n0",
		"https://www.example.com/t/aGVsbGPgdRybGQgMTIzNDUNzgKPqW",
		"https://www.example.com/qzxkvjwpmlbtrnghdfcsqzxk",
	} {
		if !LooksPersonal(Judge(u).Canonical) {
			t.Errorf("%s does not look personal", u)
		}
	}
}
