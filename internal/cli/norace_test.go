//go:build !race

package cli

// memoryCap is the most memory that a run may take, in bytes.
const memoryCap = int64(512 << 20)
