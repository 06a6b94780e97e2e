package starter

import (
	"fmt"
	"math"
	"time"

	"github.com/image-budget/image-budget/internal/budget"
)

// ceilings is what an image that measures what it does today may come to.
type ceilings struct {
	Size, Compressed budget.Bytes
	Layers           int64
	Pull             time.Duration
}

// How much room a ceiling has. A pull unpacks on machines of all kinds: the speed is
// that of a slow one.
const (
	roomLayers   = 2
	unpacking    = 25e6 // bytes a second
	shortestPull = 30 * time.Second
)

// above is a fifth more, which is what the tolerance lets one change add.
func above(t Today, link budget.Link) ceilings {
	c := ceilings{Size: nice(t.Size + t.Size/5), Compressed: nice(t.Compressed + t.Compressed/5), Layers: t.Layers + roomLayers}
	transfer := float64(c.Compressed) * 8 / float64(link.Bandwidth)
	c.Pull = max(shortestPull, tens(transfer+float64(c.Size)/unpacking))
	return c
}

// pullBy says how above came to the pull's ceiling.
func pullBy(link budget.Link) string {
	return fmt.Sprintf("the max of compressed_size at %s, and of size at %dMB/s, to unpack it; at least %s.",
		link.Bandwidth, int(unpacking/1e6), shortestPull)
}

// steps are what the leading digits of a ceiling are rounded up to.
var steps = []float64{10, 12, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100}

// nice is n rounded up to a number that people would write, at least 1 kB.
func nice(n int64) budget.Bytes {
	n = max(n, 1000)
	scale := math.Pow(10, math.Floor(math.Log10(float64(n)))-1)
	for _, step := range steps {
		if round := int64(math.Round(step * scale)); round >= n {
			return budget.Bytes(round)
		}
	}
	return budget.Bytes(n)
}

// tens is seconds rounded up to tens.
func tens(seconds float64) time.Duration {
	return time.Duration(math.Ceil(seconds/10)) * 10 * time.Second
}

// human is a count of bytes with three digits, as reports have it.
func human(n int64) string {
	for _, unit := range []struct {
		name   string
		factor float64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if x := float64(n) / unit.factor; x >= 1 {
			digits := 2
			for _, more := range []float64{10, 100} {
				if x >= more {
					digits--
				}
			}
			return fmt.Sprintf("%.*f %s", digits, x, unit.name)
		}
	}
	return fmt.Sprintf("%d B", n)
}
