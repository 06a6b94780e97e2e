package layer

import (
	"cmp"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/image-budget/image-budget/internal/image"
)

// Caps bound what one image may cost, whatever it claims to be. One that is 0
// is that of DefaultCaps.
type Caps struct {
	Entries  int64 // tar headers, of all layers together
	Unpacked int64 // bytes of the uncompressed tars, of all layers together; and of an archive, without them
	Header   int64 // bytes of one entry's header blocks
	Text     int64 // bytes of paths, link targets, extended attributes and kept files, of all layers together
}

// DefaultCaps are far above what real images hold.
var DefaultCaps = Caps{Entries: 2_000_000, Unpacked: 32 << 30, Header: 1 << 20, Text: 256 << 20}

// Allowance is what one image has left of its caps. Its layers share it, and
// may be read at the same time.
type Allowance struct {
	caps                            Caps
	entries, unpacked, around, text atomic.Int64
}

// Allowance is a fresh one.
func (c Caps) Allowance() *Allowance {
	c.Entries = cmp.Or(c.Entries, DefaultCaps.Entries)
	c.Unpacked = cmp.Or(c.Unpacked, DefaultCaps.Unpacked)
	c.Header = cmp.Or(c.Header, DefaultCaps.Header)
	c.Text = cmp.Or(c.Text, DefaultCaps.Text)
	return &Allowance{caps: c}
}

// Charge takes a layer that need not be read again, so that what the store
// holds already does not decide whether an image is within its caps.
func (a *Allowance) Charge(layer image.Layer) error {
	if err := a.chargeEntries(layer.Entries); err != nil {
		return err
	}
	if err := a.chargeText(layer.Text); err != nil {
		return err
	}
	return a.chargeUnpacked(layer.Unpacked)
}

// ChargeAround takes n bytes that were unpacked around the layers. They have
// the cap of the layers' bytes, but are counted apart: an image costs the same
// whether it comes in an archive or not.
func (a *Allowance) ChargeAround(n int64) error {
	if spent(&a.around, n, a.caps.Unpacked) {
		return &CapError{What: "bytes around its layers", Cap: a.caps.Unpacked}
	}
	return nil
}

func (a *Allowance) chargeEntries(n int64) error {
	if spent(&a.entries, n, a.caps.Entries) {
		return &CapError{What: "entries in its layers", Cap: a.caps.Entries}
	}
	return nil
}

func (a *Allowance) chargeText(n int64) error {
	if spent(&a.text, n, a.caps.Text) {
		return &CapError{What: "bytes of paths, link targets, extended attributes and kept files", Cap: a.caps.Text}
	}
	return nil
}

func (a *Allowance) chargeUnpacked(n int64) error {
	if spent(&a.unpacked, n, a.caps.Unpacked) {
		return &CapError{What: "bytes in its unpacked layers", Cap: a.caps.Unpacked}
	}
	return nil
}

// spent adds n to counter, and reports whether that is more than limit. The
// sum never wraps.
func spent(counter *atomic.Int64, n, limit int64) bool {
	if n < 0 || n > limit {
		return true
	}
	now := counter.Add(n)
	return now < 0 || now > limit
}

// CapError is an image that is larger than the gate will look at.
type CapError struct {
	What string
	Cap  int64
}

func (e *CapError) Error() string {
	return fmt.Sprintf("the image has more than %d %s, which is as many as are read", e.Cap, e.What)
}

// charged is an uncompressed tar, charged as it is read.
type charged struct {
	r         io.Reader
	allowance *Allowance
	read      int64
}

func (c *charged) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	if over := c.allowance.chargeUnpacked(int64(n)); over != nil {
		return 0, over
	}
	return n, err
}
