package proof

// words are what the document says in one language.
type words struct {
	neutral, title, page, none, number, made, by, counted, counts string
	what, how, images, times                                      string
	addresses, address, seen, asked, answered, gone, twice, once  string
	notices, ground, sentAt, reference                            string
	hashes, hash, image, match                                    string
	audit, check, events, seq, root                               string
}

var french = words{
	neutral: "Document", title: "Constat de publication et de démarches", page: "Dossier %s · page %d", none: "-",
	number: "Dossier", made: "Fait le", by: "Par", counted: "Contenu", counts: "adresses : %d ; demandes envoyées : %d",
	what:      "Ce document dit à quelles adresses des images intimes ont été signalées comme publiées sans accord, ce qui y a été constaté, et à qui le retrait a été demandé.",
	how:       "Les constats sont faits par le serveur de l’association, qui ouvre chaque adresse comme le ferait un navigateur. Une adresse n’est dite retirée qu’après deux constats concordants, à un jour d’intervalle au moins.",
	images:    "Aucune image n’est jointe ni conservée : seules des empreintes, qui ne permettent pas de la reconstituer, servent à comparer.",
	times:     "Toutes les heures sont en temps universel coordonné (UTC).",
	addresses: "Adresses", address: "Adresse %d", seen: "Vue en ligne", asked: "Retrait demandé", answered: "Réponse reçue", gone: "Absente",
	twice: " (confirmé)", once: " (à confirmer)",
	notices: "Demandes envoyées", ground: "Fondement", sentAt: "Envoyée", reference: "Leur référence",
	hashes: "Empreintes", hash: "Empreintes PDQ de 256 bits, en hexadécimal. L’écart compte les bits qui diffèrent : plus il est petit, plus les images se ressemblent.",
	image: "Image de référence %d · qualité %d sur 100 · %s", match: "Fichier trouvé à l’adresse %d · image %d · écart %d · %s",
	audit: "Vérification", check: "Chaque étape est inscrite dans un journal dont chaque ligne scelle la précédente. L’association peut montrer par la commande « reprise verify » que rien n’y a été changé jusqu’à la ligne que voici.",
	events: "Lignes du dossier", seq: "Dernière ligne", root: "Son empreinte",
}

var english = words{
	neutral: "Document", title: "Record of publication and of steps taken", page: "Case %s · page %d", none: "-",
	number: "Case", made: "Made on", by: "By", counted: "Content", counts: "addresses: %d; requests sent: %d",
	what:      "This document says at which addresses intimate images were reported as published without consent, what was observed there, and who was asked to remove them.",
	how:       "Observations are made by the association’s server, which opens each address as a browser would. An address is called gone only after two observations that agree, at least a day apart.",
	images:    "No image is attached or kept: only hashes, from which an image cannot be made again, serve to compare.",
	times:     "All times are in coordinated universal time (UTC).",
	addresses: "Addresses", address: "Address %d", seen: "Seen online", asked: "Removal asked", answered: "Answer received", gone: "Gone",
	twice: " (confirmed)", once: " (to be confirmed)",
	notices: "Requests sent", ground: "Ground", sentAt: "Sent", reference: "Their reference",
	hashes: "Hashes", hash: "PDQ hashes of 256 bits, in hexadecimal. The distance counts the bits that differ: the smaller it is, the more alike the images are.",
	image: "Reference image %d · quality %d of 100 · %s", match: "File found at address %d · image %d · distance %d · %s",
	audit: "How to check", check: "Every step is written in a log of which each line seals the one before. The association can show with the command “reprise verify” that nothing in it was changed up to the line given here.",
	events: "Lines of the case", seq: "Last line", root: "Its hash",
}
