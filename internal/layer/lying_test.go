package layer_test

import (
	"testing"

	"github.com/image-budget/image-budget/internal/image/imagetest"
)

// Shorter names of what the tests here use often.
var (
	setSize = imagetest.SetSize
	resum   = imagetest.Resum
)

func lyingTar(t testing.TB, entries ...imagetest.Entry) []byte {
	t.Helper()
	return imagetest.LyingTar(t, entries...)
}

func sparseTar(t testing.TB, body string, size int64) []byte {
	t.Helper()
	return imagetest.SparseTar(t, body, size)
}
