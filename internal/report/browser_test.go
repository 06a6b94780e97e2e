package report

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// step is something done in a tab.
type step = chromedp.Action[chromedp.Void]

// send is a command of the browser's protocol as a step.
func send[P, R any](c cdp.Command[P, R], with P) step {
	return func(ctx context.Context, at *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, at, c, with)
		return chromedp.Void{}, err
	}
}

// visit is a tab of a real browser and what went wrong in it.
type visit struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // chromedp keeps the tab in it
	url string

	mu       sync.Mutex
	requests []string // besides the page itself
	faults   []string // errors and warnings on the console, exceptions, broken policy
}

// chromium is the browser's binary. Where there is none the test is skipped, and
// fails where CI=true.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const hint = "no Chromium here: sh .ci/browser installs Debian's"
	if os.Getenv("CI") == "true" {
		t.Fatal(hint)
	}
	t.Skip(hint)
	return ""
}

// browse starts a browser with one tab and does what is to be done before a page
// is loaded. Every test has its own, since a tab in the background is not drawn.
func browse(t *testing.T, before ...step) *visit {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(chromium(t)), chromedp.WindowSize(1200, 900), chromedp.WSURLReadTimeout(stuck))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	limited, cancel := context.WithTimeout(context.Background(), stuck)
	t.Cleanup(cancel)
	allocator, stop := chromedp.NewExecAllocator(limited, options...)
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(allocator)
	t.Cleanup(leave)
	v := &visit{t: t, ctx: ctx}
	v.do(send(network.Enable, network.EnableParams{}), send(log.Enable, cdp.Empty{}))
	require.NoError(t, chromedp.Listen(ctx, v.hear))
	v.do(before...)
	return v
}

// stuck is when a browser that does not answer is given up.
const stuck = 4 * time.Minute

func (v *visit) hear(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Request.URL != v.url {
			v.requests = append(v.requests, e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		v.faults = append(v.faults, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		v.faults = append(v.faults, "console: "+string(e.Type))
	case *log.EventEntryAdded:
		v.faults = append(v.faults, e.Entry.Text)
	}
}

func (v *visit) do(steps ...step) {
	v.t.Helper()
	require.NoError(v.t, chromedp.Do(v.ctx, steps...))
}

// open shows a page.
func (v *visit) open(page []byte) {
	v.t.Helper()
	path := filepath.Join(v.t.TempDir(), "report.html")
	require.NoError(v.t, os.WriteFile(path, page, 0o666))
	v.mu.Lock()
	v.url = (&url.URL{Scheme: "file", Path: path}).String()
	v.mu.Unlock()
	v.do(chromedp.Navigate(v.url))
}

// quiet holds that the page asked for nothing and complained of nothing.
func (v *visit) quiet() {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	require.Empty(v.t, v.requests, "requests left the page")
	require.Empty(v.t, v.faults)
}

// ask evaluates an expression of JavaScript.
func ask[T any](v *visit, expression string, how ...chromedp.EvaluateOption) T {
	v.t.Helper()
	answer, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](expression, how...))
	require.NoError(v.t, err)
	return answer
}

// screen sets size and colours.
func (v *visit) screen(width int64, media, colours string) {
	v.t.Helper()
	v.do(
		send(emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1}),
		send(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}},
		}),
	)
	ask[bool](v, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`, chromedp.EvalAwaitPromise)
}

// click clicks the first element that a CSS selector finds.
func click(selector string) step { return chromedp.Click(chromedp.CSS(selector)) }

func scrollTo(selector string) step { return chromedp.ScrollIntoView(chromedp.CSS(selector)) }
