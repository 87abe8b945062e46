// Package phash tells whether two pictures look alike, without keeping either.
//
// Sign turns the picture a person gave into a Signature, which is all that is kept of it: PDQ as Meta's reference
// computes it, bit for bit, the hashes of goimagehash, and hashes of the pictures found within it and of crops.
// Ask turns a picture that was found into a Query, which is held against signatures: the same parts in all eight
// orientations. Compare says how near they are and by which parts; what is near enough is not decided here.
//
// The package reads luminance alone and knows nothing of files and processes: package picture decodes, and package
// hasher does both in a limited child.
package phash
