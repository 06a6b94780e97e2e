package importtime

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const us = time.Microsecond

// read is the report of a log that comes in pieces of that many bytes.
func read(log string, piece int) Report {
	var l Log
	for len(log) > 0 {
		n := min(piece, len(log))
		_, _ = l.Write([]byte(log[:n]))
		log = log[n:]
	}
	return l.Report()
}

func sample(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(text)
}

func byName(r Report) map[string]Package {
	all := map[string]Package{}
	for _, p := range r.Packages {
		all[p.Name] = p
	}
	return all
}

// service.log is what Python 3.11 wrote of an app with a slow module, which also
// writes of its own, once on the very line of an import.
func TestService(t *testing.T) {
	log := sample(t, "service.log")
	r := read(log, len(log))
	require.False(t, r.Cut)
	require.Equal(t, 115, r.Modules)
	require.Equal(t, Package{Name: "slow_model", Self: 302157 * us, Cumulative: 302157 * us, Modules: 1}, r.Packages[0])
	require.Equal(t, Package{Name: "http", Self: (3421 + 6641 + 8542) * us, Cumulative: 285787 * us, Modules: 3}, byName(r)["http"])
	require.Equal(t, 619586*us, r.Total)
	require.NotContains(t, byName(r), "imported package", "the heading is no module")
	for piece := 1; piece < 200; piece += 7 {
		require.Equal(t, r, read(log, piece), "in pieces of %d bytes", piece)
	}
}

// workers.log is of two processes that import the same at the same time.
func TestWorkers(t *testing.T) {
	r := read(sample(t, "workers.log"), 100)
	require.Equal(t, 99, r.Modules, "each once")
	require.Equal(t, Package{Name: "slow_model", Self: 300839 * us, Cumulative: 300839 * us, Modules: 1}, r.Packages[0])
	require.Equal(t, 441863*us, r.Total, "a start does not wait for one worker after the other")
}

func TestWhatAddsUp(t *testing.T) {
	r := read(`import time:        10 |         10 |       torch.version
import time:       100 |        100 |         numpy
import time:       200 |        310 |     torch
import time:        30 |         30 |   torch.nn
import time:         5 |        345 | app.main
`, 50)
	require.Equal(t, Report{Total: 345 * us, Modules: 5, Packages: []Package{
		{Name: "torch", Self: 240 * us, Cumulative: 310 * us, Modules: 3},
		{Name: "numpy", Self: 100 * us, Cumulative: 100 * us, Modules: 1},
		{Name: "app", Self: 5 * us, Cumulative: 345 * us, Modules: 1},
	}}, r)
}

// What an app or an attacker writes in place of the timer.
func TestHostile(t *testing.T) {
	long := strings.Repeat("m", maxName)
	for name, tc := range map[string]struct {
		log  string
		want string // the only module; empty for none
		self time.Duration
	}{
		"nothing":                  {"", "", 0},
		"no timer":                 {"INFO: started\n", "", 0},
		"the heading":              {"import time: self [us] | cumulative | imported package\n", "", 0},
		"cut short":                {"import time:       521 |\n", "", 0},
		"not ended":                {"import time: 1 | 2 | os", "", 0},
		"CRLF":                     {"import time: 1 | 2 |   os\r\n", "os", us},
		"behind a prefix":          {"app-1  | import time: 1 | 2 | os\n", "os", us},
		"twice on a line":          {"import time: 7 | 7 | import time: 1 | 2 | os\n", "os", us},
		"behind a long line":       {strings.Repeat("=", 1_000_000) + "\rimport time: 1 | 2 | os\n", "os", us},
		"less than nothing":        {"import time: -400 | 2 | os\n", "os", 0},
		"an hour":                  {"import time: 3600000000 | 3600000000 | os\n", "os", time.Hour},
		"more than an hour":        {"import time: 3600000001 | 3600000001 | os\n", "", 0},
		"more than a number holds": {"import time: 9223372036854775808 | 1 | os\n", "", 0},
		"no number":                {"import time: 0x10 | 1e3 | os\n", "", 0},
		"more than its sum":        {"import time: 5 | 2 | os\n", "os", 5 * us},
		"name as long as may be":   {"import time: 1 | 1 | " + long + "\n", long, us},
		"name too long":            {"import time: 1 | 1 | " + long + "m\n", "", 0},
		"no name":                  {"import time: 1 | 1 |  \n", "", 0},
		"only a dot":               {"import time: 1 | 1 | .\n", "", 0},
		"not ASCII":                {"import time: 1 | 1 | größe\n", "größe", us},
		"with a hyphen":            {"import time: 1 | 1 | my-plugin\n", "my-plugin", us},
		"not UTF-8":                {"import time: 1 | 1 | os\xff\n", "", 0},
		"an escape":                {"import time: 1 | 1 | \x1b[31mos\n", "", 0},
		"a right-to-left override": {"import time: 1 | 1 | os\u202e\n", "", 0},
		"another list":             {"import time: 1 | 1 | os 9 s, torch\n", "", 0},
		"a workflow command":       {"import time: 1 | 1 | ::error::os\n", "", 0},
		"a column more":            {"import time: 1 | 1 | os | sys\n", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := read(tc.log, 4096)
			if tc.want == "" {
				require.Zero(t, r)
				return
			}
			require.Equal(t, 1, r.Modules)
			require.Equal(t, tc.want, r.Packages[0].Name)
			require.Equal(t, tc.self, r.Total)
		})
	}
}

func TestTooMuch(t *testing.T) {
	t.Run("bytes", func(t *testing.T) {
		const line = "import time: 1 | 1 | os\n"
		log := strings.Repeat("x\n", (Limit-len(line))/2) + line
		r := read(log, 1<<16)
		require.Equal(t, Limit, len(log))
		require.Equal(t, 1, r.Modules)
		require.False(t, r.Cut)
		r = read(log+"import time: 1 | 1 | sys\n", 1<<16)
		require.Equal(t, 1, r.Modules)
		require.True(t, r.Cut)
	})
	t.Run("modules", func(t *testing.T) {
		var log strings.Builder
		for i := range mostModules + 1 {
			fmt.Fprintf(&log, "import time: 3600000000 | 3600000000 | a.m%d\n", i)
		}
		r := read(log.String(), 1<<16)
		require.Equal(t, mostModules, r.Modules)
		require.Equal(t, mostModules*time.Hour, r.Total, "no overflow")
		require.True(t, r.Cut)
		require.Empty(t, Grown(r, r))
	})
}

func TestGrown(t *testing.T) {
	of := func(took map[string]time.Duration) (r Report) {
		for name, self := range took {
			r.Packages = append(r.Packages, Package{Name: name, Self: self})
		}
		return r
	}
	const ms = time.Millisecond
	base := of(map[string]time.Duration{"torch": 500 * ms, "numpy": 200 * ms, "json": 2 * ms, "gone": 900 * ms, "big": 1000 * ms, "less": 300 * ms})
	now := of(map[string]time.Duration{"torch": 1400 * ms, "numpy": 220 * ms, "json": 11 * ms, "new": 50 * ms, "big": 1099 * ms, "less": 100 * ms})
	var names []string
	for _, g := range Grown(base, now) {
		names = append(names, fmt.Sprintf("%s +%s", g.Name, g.By()))
	}
	require.Equal(t, []string{"torch +900ms", "new +50ms", "numpy +20ms"}, names,
		"9 ms of json and a tenth less a millisecond of big may be chance")
}

func FuzzLog(f *testing.F) {
	f.Add(sample(f, "service.log"), 100)
	f.Add(sample(f, "workers.log"), 33)
	f.Add("import time: 1 | 2 | os\nimport time: -1 | 99999999999 |  a.b\r\n", 1)
	f.Add("import time: | | \nimport time:import time: 1|2|.\n\x00|\xff\n", 3)
	f.Add(strings.Repeat("=", 2*lineKept)+"import time: 1 | 2 | os\n", lineKept-1)
	f.Fuzz(func(t *testing.T, log string, piece int) {
		r := read(log, max(1, piece%5000))
		require.Equal(t, r, read(log, len(log)), "pieces make no difference")
		var total time.Duration
		modules := 0
		for i, p := range r.Packages {
			require.NotEmpty(t, p.Name)
			require.LessOrEqual(t, len(p.Name), maxName)
			require.NotContains(t, p.Name, ".")
			require.GreaterOrEqual(t, p.Self, time.Duration(0))
			require.GreaterOrEqual(t, p.Cumulative, p.Self)
			if i > 0 {
				require.LessOrEqual(t, p.Self, r.Packages[i-1].Self)
			}
			total += p.Self
			modules += p.Modules
		}
		require.Equal(t, total, r.Total)
		require.Equal(t, modules, r.Modules)
		require.LessOrEqual(t, modules, strings.Count(log, "\n"))
		require.Empty(t, Grown(r, r))
	})
}
