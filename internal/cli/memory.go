package cli

import (
	"os"
	"runtime/debug"
)

// memoryLimit is what the collector works harder to stay below, in bytes: whatever an
// image is, the program is to take no more than 512 MiB of memory, and lists of
// packages that an image may have are held whole.
const memoryLimit = 400 << 20

// limitMemory sets the limit, unless the user has set one.
func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
