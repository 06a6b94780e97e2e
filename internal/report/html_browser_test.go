package report

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/image-budget/image-budget/internal/budget"
)

func grownPage(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, HTML.Write(&b, run(1, grownImage("support-agent")), Options{}))
	return b.Bytes()
}

// every is what a page has to keep for those who do not see it, or do not see it
// well: a list of what it does not.
const every = `(() => {
	const wrong = [], all = q => Array.from(document.querySelectorAll(q));
	if (document.documentElement.lang !== 'en') wrong.push('no language');
	if (!document.title) wrong.push('no title');
	if (all('h1').length !== 1) wrong.push(all('h1').length + ' h1');
	if (all('main').length !== 1) wrong.push('no main');
	let level = 0;
	all('h1,h2,h3,h4,h5,h6').forEach(h => {
		const now = Number(h.tagName[1]);
		if (now > level + 1) wrong.push('heading leaves out a level: ' + h.textContent);
		if (!h.textContent.trim()) wrong.push('heading without text');
		level = now;
	});
	all('svg').forEach(s => {
		if (s.getAttribute('aria-hidden') === 'true') return;
		const names = (s.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
		if (s.getAttribute('role') !== 'img' || !names.length || !names.every(n => n && s.contains(n) && n.textContent.trim())) wrong.push('svg without name');
	});
	all('table').forEach(t => { if (!t.caption || !t.caption.textContent.trim()) wrong.push('table without caption'); });
	all('th').forEach(h => { if (!['row', 'col'].includes(h.scope) || !h.textContent.trim()) wrong.push('th without scope or text: ' + h.outerHTML); });
	all('tbody tr').forEach(r => { if (r.children.length !== r.closest('table').tHead.rows[0].children.length) wrong.push('row of another length: ' + r.textContent); });
	all('a,button').forEach(b => { if (!(b.getAttribute('aria-label') || b.textContent).trim()) wrong.push('nameless: ' + b.outerHTML); });
	all('a[href^="#"]').forEach(a => { if (!document.getElementById(a.getAttribute('href').slice(1))) wrong.push('leads nowhere: ' + a.outerHTML); });
	const ids = all('[id]').map(e => e.id);
	if (new Set(ids).size !== ids.length) wrong.push('an id twice');
	all('details').forEach(d => { if (!d.querySelector(':scope > summary')) wrong.push('details without summary'); });
	return wrong;
})()`

// contrast is every text whose colour is too near to what is behind it.
const contrast = `(() => {
	const parse = c => (c.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
	const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
	const wrong = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.textContent.trim() || !e.checkVisibility() || e.closest('script,title,desc')) continue;
		const style = getComputedStyle(e), svg = e.closest('svg');
		const a = light(parse(svg ? style.fill : style.color).slice(0, 3)), b = light(behind(svg ? svg.parentElement : e).slice(0, 3));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) wrong.add(ratio.toFixed(2) + ' ' + e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent.slice(0, 40));
	}
	return Array.from(wrong);
})()`

func TestBrowserEveryPage(t *testing.T) {
	made := pages(t)
	v := browse(t)
	for _, name := range sortedNames(made) {
		v.screen(1200, "screen", "light")
		v.open(made[name])
		require.Empty(t, ask[[]string](v, every), name)
		require.Empty(t, ask[[]string](v, contrast), "%s, light", name)
		for _, width := range []int64{1200, 400} {
			v.screen(width, "screen", "dark")
			require.LessOrEqual(t, ask[int64](v, `document.documentElement.scrollWidth`), width, "%s scrolls sideways", name)
		}
		require.Less(t, ask[float64](v, `Math.max(...getComputedStyle(document.body).backgroundColor.match(/\d+/g))`), 64.0, "the dark page is not dark")
		require.Empty(t, ask[[]string](v, contrast), "%s, dark", name)
		v.quiet()
	}
}

func TestBrowserHostileText(t *testing.T) { // C3
	made := pages(t)
	v := browse(t)
	for _, name := range []string{"result: hostile", "result: hostile with map", "inventory: hostile", "growth: hostile"} {
		v.open(made[name])
		require.Zero(t, ask[int](v, `document.querySelectorAll('img,iframe,object,embed,link,form,[onerror],[onclick],a:not([href^="#"])').length`), name)
		require.Equal(t, 1, ask[int](v, `document.scripts.length`), name)
		require.NotEqual(t, "evil", ask[string](v, `document.title`), name)
		v.quiet()
	}
	v.open(made["result: hostile with map"])
	require.Equal(t, 2, ask[int](v, `document.querySelectorAll('.map > .cell').length`))
	v.do(click(`.map > .cell`)) // what the script writes is text, too
	require.Zero(t, ask[int](v, `document.querySelectorAll('img,.map a,.where *,.trail a').length`))
	require.Contains(t, ask[string](v, `document.querySelector('.map').textContent`), "<script>")
	v.quiet()
}

// Even what got into the page by a fault of ours could neither run nor reach out.
func TestBrowserPolicy(t *testing.T) {
	reached := make(chan string, 9)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached <- r.URL.Path }))
	defer server.Close()
	v := browse(t)
	v.open(grownPage(t))
	refused := ask[[]string](v, `new Promise(done => {
		const seen = [];
		document.addEventListener('securitypolicyviolation', e => { seen.push(e.effectiveDirective); if (seen.length === 3) done(seen.sort()); });
		const image = document.createElement('img'), script = document.createElement('script'), style = document.createElement('style');
		image.src = '`+server.URL+`/image';
		script.textContent = 'document.title = "evil"';
		style.textContent = 'body { display: none }';
		document.body.append(image, script, style);
	})`, chromedp.EvalAwaitPromise)
	require.Equal(t, []string{"img-src", "script-src-elem", "style-src-elem"}, refused)
	require.NotEqual(t, "evil", ask[string](v, `document.title`))
	require.Empty(t, reached)
}

func TestBrowserWithoutScript(t *testing.T) {
	img := grownImage("support-agent")
	samples := 0
	for _, row := range img.Metrics {
		samples += len(row.Samples) + len(row.Against)
		if row.Compared == budget.SideBySide {
			samples += len(row.Samples) // once more, in the plot of ratios
		}
	}
	v := browse(t, send(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	v.open(grownPage(t))
	require.Contains(t, ask[string](v, `document.querySelector('h1').innerText`), "FAIL")
	require.Contains(t, ask[string](v, `document.querySelector('.causes').innerText`), "torch")
	require.Equal(t, len(img.Metrics), ask[int](v, `document.querySelector('table').tBodies[0].rows.length`))
	require.Equal(t, samples, ask[int](v, `document.querySelectorAll('.plot circle').length`))
	require.Zero(t, ask[int](v, `Array.from(document.querySelectorAll('.scripted')).filter(e => e.checkVisibility()).length`), "what only the script can do is not promised")
	requireAreas(v, "a")
	v.do(click(`.map > a.cell`))
	require.True(t, ask[bool](v, `document.querySelector(location.hash).checkVisibility() && document.querySelector('details.list').open`), "a click leads to the list")
	require.Contains(t, ask[string](v, `document.querySelector(location.hash).innerText`), "pip install")
	v.quiet()
}

func TestBrowserPrint(t *testing.T) {
	v := browse(t)
	v.open(grownPage(t))
	v.screen(760, "print", "dark")
	require.Equal(t, "rgb(255, 255, 255)", ask[string](v, `getComputedStyle(document.body).backgroundColor`))
	require.Empty(t, ask[[]string](v, contrast))
	require.Greater(t, ask[float64](v, `document.querySelector('.plot details table').getBoundingClientRect().height`), 20.0, "details are printed")
	require.False(t, ask[bool](v, `document.querySelector('details.list').checkVisibility()`), "the list of everything is not")
	v.quiet()
}

// askew is every number of an axis that does not stand under its tick, every
// head that does not stand over its column and every metric whose name is broken.
const askew = `(() => {
	const wrong = [], all = (q, of = document) => Array.from(of.querySelectorAll(q));
	all('.plot svg').forEach(svg => {
		const ticks = all('line.tick', svg).map(l => l.getBoundingClientRect().x);
		all('text.tick', svg).forEach((text, n) => {
			const r = text.getBoundingClientRect();
			if (ticks.length && Math.abs((r.left + r.right) / 2 - ticks[n]) > 1) wrong.push('beside its tick: ' + text.textContent);
		});
	});
	const start = cell => { const r = document.createRange(); r.selectNodeContents(cell); return r.getBoundingClientRect().x; };
	all('.scroll table').filter(t => t.checkVisibility()).forEach(t => {
		Array.from(t.tHead.rows[0].cells).forEach((head, n) => {
			const cell = t.tBodies[0].rows[0].cells[n];
			if (n && head.textContent && cell.textContent && getComputedStyle(cell).textAlign !== 'right' && Math.abs(start(head) - start(cell)) > 1) wrong.push('not over its column: ' + head.textContent);
		});
	});
	all('tbody th.code').filter(h => h.checkVisibility() && /^[a-z]+_[a-z]+$/.test(h.firstChild.textContent.trim())).forEach(h => {
		const r = document.createRange();
		r.selectNode(h.firstChild);
		if (r.getClientRects().length > 1) wrong.push('broken: ' + h.firstChild.textContent);
	});
	return wrong;
})()`

func TestBrowserNothingAskew(t *testing.T) {
	v := browse(t)
	v.open(grownPage(t))
	for _, width := range []int64{1200, 400} {
		v.screen(width, "screen", "light")
		require.Empty(t, ask[[]string](v, askew), "at %d points", width)
	}
	v.quiet()
}
