package report

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// drawnBox is a rectangle of the map as the browser has it, in points.
type drawnBox struct {
	Name       string
	Tag        string
	Bytes      int64
	X, Y, W, H float64
	Of         int64 // bytes of what it lies in
	OfArea     float64
}

const boxes = `(() => {
	const map = document.querySelector('.map'), from = map.getBoundingClientRect();
	const sum = Array.from(map.children).reduce((n, c) => n + Number(c.dataset.b), 0);
	return Array.from(map.querySelectorAll('.cell')).map(cell => {
		const r = cell.getBoundingClientRect(), above = cell.parentElement, of = above.getBoundingClientRect();
		return { Name: cell.getAttribute('aria-label') || cell.textContent, Tag: cell.tagName.toLowerCase(), Bytes: Number(cell.dataset.b),
			X: r.x - from.x, Y: r.y - from.y, W: r.width, H: r.height, Of: above === map ? sum : Number(above.dataset.b), OfArea: of.width * of.height };
	});
})()`

// requireAreas holds that every area is in proportion to its bytes and that no
// two of the same level overlap, but for what a browser rounds; and gives those
// of the first level, whose elements are of this tag.
func requireAreas(v *visit, tag string) (first []drawnBox) {
	v.t.Helper()
	all := ask[[]drawnBox](v, boxes)
	for _, b := range all {
		want := b.OfArea * float64(b.Bytes) / float64(b.Of)
		require.InDelta(v.t, want, b.W*b.H, 0.01*want+0.1*(b.W+b.H), "%s: %.1f by %.1f", b.Name, b.W, b.H)
		if b.Tag != tag {
			continue
		}
		for _, other := range first {
			wide := min(b.X+b.W, other.X+other.W) - max(b.X, other.X)
			high := min(b.Y+b.H, other.Y+other.H) - max(b.Y, other.Y)
			require.False(v.t, wide > 0.5 && high > 0.5, "%s lies over %s", b.Name, other.Name)
		}
		first = append(first, b)
	}
	require.NotEmpty(v.t, first)
	require.Greater(v.t, len(all), len(first), "two levels")
	return first
}

func sumOf(all []drawnBox) (sum int64) {
	for _, b := range all {
		sum += b.Bytes
	}
	return sum
}

const (
	here    = `document.querySelector('.trail [aria-current]').textContent`
	focused = `document.activeElement.getAttribute('aria-label') || ''`
	told    = `document.querySelector('.where').textContent`
)

func TestBrowserMapGoesDown(t *testing.T) {
	v := browse(t)
	v.open(grownPage(t))
	v.do(scrollTo(`.map`))
	for _, width := range []int64{1200, 400} { // drawn again for the screen
		v.screen(width, "screen", "light")
		whole := requireAreas(v, "button")
		require.Equal(t, grownParts().Size, sumOf(whole))
		for _, b := range whole {
			if b.Bytes > grownParts().Size/50 {
				require.Less(t, max(b.W/b.H, b.H/b.W), 16.0, "%s is a sliver at %d points", b.Name, width)
			}
		}
	}
	v.screen(1200, "screen", "light")
	v.do(scrollTo(`.map`))
	require.Contains(t, ask[string](v, here), "support-agent:ci")

	v.do(click(`.map > .cell[data-b="2493000000"]`))
	inside := requireAreas(v, "button")
	require.Equal(t, int64(2_493_000_000), sumOf(inside), "what is in it adds up to it")
	require.Contains(t, ask[string](v, here), "layer 2: RUN pip install -r requirements.txt, 2.49")
	require.Contains(t, inside[0].Name, "python:torch")

	v.do(click(`.map > .cell`))
	require.Equal(t, int64(812_000_000), sumOf(requireAreas(v, "button")))
	v.do(chromedp.KeyEvent(kb.Escape))
	require.Contains(t, ask[string](v, here), "layer 2")
	require.Contains(t, ask[string](v, focused), "python:torch", "one is back where one was")
	v.do(click(`.trail button:first-child`))
	require.Contains(t, ask[string](v, here), "support-agent:ci")
	v.do(chromedp.KeyEvent(kb.Escape))
	require.Contains(t, ask[string](v, here), "support-agent:ci", "there is nothing above the image")
	v.quiet()
}

func TestBrowserMapTells(t *testing.T) {
	v := browse(t)
	v.open(grownPage(t))
	v.do(scrollTo(`.map`))
	at := ask[map[string]float64](v, `(() => { const r = document.querySelector('.map .sub[data-b="812000000"]').getBoundingClientRect(); return { x: r.x + r.width / 2, y: r.y + r.height / 2 }; })()`)
	v.do(chromedp.MouseEvent("mouseMoved", at["x"], at["y"]))
	require.Equal(t, "python:torch: 812.0\u00a0MB, 29.8\u00a0% of the image", ask[string](v, told))
	v.quiet()
}

// All of the map without a mouse.
func TestBrowserMapByKeyboard(t *testing.T) {
	v := browse(t)
	v.open(grownPage(t))
	reached := false
	for range 60 {
		v.do(chromedp.KeyEvent(kb.Tab))
		if reached = ask[bool](v, `document.activeElement.matches('.map > .cell')`); reached {
			break
		}
	}
	require.True(t, reached, "Tab reaches the map")
	require.Contains(t, ask[string](v, focused), "layer 2")
	require.NotEqual(t, ask[string](v, `getComputedStyle(document.querySelector('.map > .cell:last-child'), '::after').boxShadow`),
		ask[string](v, `getComputedStyle(document.activeElement, '::after').boxShadow`), "the focus is seen")

	v.do(chromedp.KeyEvent(kb.Enter))
	require.Contains(t, ask[string](v, here), "layer 2")
	require.Contains(t, ask[string](v, focused), "python:torch")
	before := ask[float64](v, `document.activeElement.getBoundingClientRect().x`)
	v.do(chromedp.KeyEvent(kb.ArrowRight))
	require.Greater(t, ask[float64](v, `document.activeElement.getBoundingClientRect().x`), before)
	require.Contains(t, ask[string](v, told), "nvidia-")
	v.do(chromedp.KeyEvent(kb.ArrowLeft))
	require.Contains(t, ask[string](v, focused), "python:torch")
	v.do(chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape))
	require.Contains(t, ask[string](v, here), "support-agent:ci")
	require.Contains(t, ask[string](v, focused), "layer 2")
	v.quiet()
}
