package trial

import (
	"context"
	"fmt"
	"time"
)

const (
	patience = time.Second // how long an attempt is waited for before another starts beside it
	atOnce   = 4           // attempts under way side by side
)

// volley is the attempts under way.
type volley struct {
	prober  *prober
	ended   chan attempt
	pending int                // attempts that were not taken from ended yet
	newest  time.Time          // when the newest began
	giveWay context.CancelFunc // ends the newest
}

// start begins an attempt, which comes out of ended in any case. When as many
// are late as may be, it is the newest that gives way: an older one may be a
// slow app's answer, which is the first to come, and an app that loses what it
// was asked before it was ready answers the one that starts now.
func (v *volley) start(ctx context.Context) {
	if v.pending >= atOnce {
		v.giveWay()
	}
	ctx, v.giveWay = context.WithCancel(ctx)
	v.newest = time.Now()
	v.pending++
	go func(began time.Time, done context.CancelFunc) {
		defer done()
		v.ended <- v.prober.safely(ctx, began)
	}(v.newest, v.giveWay)
}

// await takes the attempts that end, until the newest has, one is ready or the
// newest is late.
func (v *volley) await(take func(attempt)) {
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		select {
		case a := <-v.ended:
			v.pending--
			take(a)
			if a.ready() || a.began.Equal(v.newest) {
				return
			}
		case <-late.C:
			return
		}
	}
}

// safely makes an attempt on a goroutine of its own, where a panic would end
// the process with nothing cleaned up.
func (p *prober) safely(ctx context.Context, began time.Time) (a attempt) {
	defer func() {
		if r := recover(); r != nil {
			a.err = &panicked{r}
		}
		a.began = began
	}()
	return p.try(ctx, longAnswer)
}

// panicked is a fault of the gate's own.
type panicked struct{ with any }

func (e *panicked) Error() string { return fmt.Sprintf("panic: %v", e.with) }
