//go:build race

package cli

// memoryCap does not hold under the race detector, which takes many times the
// memory of the program.
const memoryCap = int64(8 << 30)
