package engine

// Tail keeps the last Limit bytes written to it, and at most twice as many.
type Tail struct {
	Limit int
	kept  []byte
}

// Write never fails.
func (t *Tail) Write(p []byte) (int, error) {
	n := len(p)
	if len(p) > t.Limit {
		p = p[len(p)-t.Limit:]
	}
	if len(t.kept)+len(p) > 2*t.Limit {
		t.kept = append(t.kept[:0], t.Bytes()...)
	}
	t.kept = append(t.kept, p...)
	return n, nil
}

// Bytes is what was kept, until the next Write.
func (t *Tail) Bytes() []byte { return t.kept[max(0, len(t.kept)-t.Limit):] }
