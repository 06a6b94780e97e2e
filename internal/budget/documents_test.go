package budget

import "strings"

// base is the least that a budget says.
const base = "version: 1\nimage: x\nengine: x\n"

// full is a budget with every key.
var full = `version: 1
image: support-agent
build:
  context: ..
  dockerfile: docker/Dockerfile
  target: runtime
  args: {PYTHON: "3.12", EMPTY: ""}
  secrets: [{id: pip, env: PIP_TOKEN}, {id: key, file: secrets/key}]
  tag: support-agent:ci
  prepare: [make, dist]
  network: host
  timeout: 10m
  syntax: ["docker/dockerfile-upstream@sha256:` + zeros + `"]
rebuild: {touch: app/main.py}
platform: linux/arm64/v8
health: {port: 8000, path: "/ready?deep=1", scheme: https, timeout: 1m30s}
run: {env: {LOG_LEVEL: info}, command: [serve, "--fast"], memory: 1.5GiB, cpus: 0.5, sandbox: strict}
link: {bandwidth: 80Mbit/s, latency: 0s}
tolerance: 12.5%
on_inconclusive: warn
metrics:
  cold_start: {max: 10s}
  size: {max: 500MB, tolerance: 5%}
  layers: {max: 15}
  rebuild_time: {}
exceptions:
  - {metric: size, tolerance: 45%, until: 2027-01-31, reason: "torch with CUDA until the split lands"}
lint: error
scan:
  report: out/trivy.json
  fail_on: medium
  ignore: [{id: CVE-2023-0464, until: 2027-01-31, reason: "no certificate of others is checked here"}]
`

var zeros = strings.Repeat("0", 64)

// accepted are budgets that Load takes; the schema has to take them too.
var accepted = []struct{ name, yaml string }{
	{"least", base},
	{"full", full},
	{"pull", "version: 1\nimage: x\npull: ghcr.io/acme/x@sha256:" + strings.Repeat("a", 64)},
	{"oci", "version: 1\nimage: x\noci: out/layout"},
	{"archive", "version: 1\nimage: x\narchive: /out/image.tar"},
	{"byte order mark and Windows lines", "\ufeffversion: 1\r\nimage: x\r\nengine: x\r\n"},
	{"comments and a document start", "# a\n---\n# b\n" + base + "# c\n"},
	{"all in one flow mapping", "{version: 1, image: x, engine: x}"},
	{"a metric without limits", base + "metrics: {size: {}}"},
	{"a quoted unit", base + "tolerance: \"20%\""},
	{"ceilings of 0", base + "metrics: {size: {max: 0kB}, layers: {max: 0}}"},
	{"120MB (E15)", base + "metrics: {size: {max: 120MB}}"},
	{"120MiB (E15)", base + "metrics: {size: {max: 120MiB}}"},
	{"an exception's last day", base + "exceptions: [{metric: size, tolerance: 30%, until: 2026-11-22, reason: r}]"},
	{"a scan's least", base + "scan: {run: trivy}"},
	{"a vulnerability's last day", base + "scan: {run: trivy, ignore: [{id: GHSA-cfh5-3ghh-wfjx, until: 2026-11-22, reason: r}]}"},
	{"a quoted day", base + "exceptions: [{metric: size, tolerance: 30%, until: \"2026-11-22\", reason: r}]"},
	{"a name that is a date", "version: 1\nimage: 2026-11-22\nengine: x"},
	{"E13 what looks like a conflict, in text", "version: 1\nimage: x\nbuild:\n  context: .\n  args:\n    A: |\n      <<<<<<< HEAD\n      =======\n    B: \"b\n=======\n<<<<<<<<\"\n"},
	{"lint off, which is no boolean here", base + "lint: off"},
	{"lint in quotes", base + "lint: \"warn\""},
	{"empty lists", "version: 1\nimage: x\nbuild: {context: ., secrets: [], prepare: []}\nrun: {command: [], env: {}}\nexceptions: []"},
}

// rejected are budgets that Load refuses: in which line, with what problem and
// what hint. The schema refuses those that are wrong by structure.
var rejected = []struct {
	name, yaml    string
	line          int
	problem, hint string
	structural    bool
}{
	// E4: what YAML allows and a policy must not mean.
	{"E4 unknown key", base + "tolerence: 20%", 4, `no key "tolerence"`, "did you mean tolerance?", true},
	{"E4 unknown key below", base + "health:\n  port: 80\n  paht: /", 6, `no key "paht" in health`, "did you mean path?", true},
	{"E4 unknown metric", base + "metrics: {sizes: {}, size: {}}", 4, `no key "sizes" in metrics`, "size, compressed_size, layers, pull_time, cold_start", true},
	{"E4 unknown key of a metric", base + "metrics: {size: {maximum: 1MB}}", 4, `no key "maximum" in metrics.size`, "max, tolerance", true},
	{"E4 unknown key of a secret", "version: 1\nimage: x\nbuild: {context: ., secrets: [{id: a, env: B, mode: 1}]}", 3, `no key "mode"`, "", true},
	{"E4 key of a later version", base + "novelty: {}", 4, `no key "novelty"`, "", true},
	{"a scan of nothing", base + "scan: {}", 4, "scan takes exactly one of report and run", "write scan: {report: PATH} or scan: {run: trivy}", true},
	{"a scan twice over", base + "scan: {report: a.json, run: trivy}", 4, "scan takes exactly one of report and run", "", true},
	{"a scan by nobody", base + "scan: {run: nikto}", 4, `scan.run is "nikto"`, "write trivy", true},
	{"a scan with an unknown key", base + "scan: {run: trivy, failon: low}", 4, `no key "failon" in scan`, "did you mean fail_on?", true},
	{"a severity that is none", base + "scan: {run: trivy, fail_on: severe}", 4, `scan.fail_on is "severe"`, "write critical, high, medium", true},
	{"a vulnerability ignored for good", base + "scan: {run: trivy, ignore: [{id: CVE-1, reason: r}]}", 4, "scan.ignore[0].until is missing", "write {id:", true},
	{"a vulnerability ignored for nothing", base + "scan: {run: trivy, ignore: [{id: CVE-1, until: 2027-01-31}]}", 4, "scan.ignore[0].reason is missing", "write {id:", true},
	{"a vulnerability ignored no longer", base + "scan: {run: trivy, ignore: [{id: CVE-1, until: 2026-11-21, reason: r}]}", 4, "until is over: it was ignored until 2026-11-21", "take the entry out", false},
	{"a vulnerability ignored twice", base + "scan:\n  run: trivy\n  ignore:\n    - {id: CVE-1, until: 2027-01-31, reason: r}\n    - {id: CVE-1, until: 2027-01-31, reason: r}", 8, "is ignored already, in line 7", "keep one", false},
	{"every vulnerability ignored", base + "scan: {run: trivy, ignore: [{id: \"*\", until: 2027-01-31, reason: r}]}", 4, "is not the identifier of a vulnerability", "", true},
	{"E4 duplicate key", base + "image: y", 4, `key "image" is given twice, first in line 2`, "once", false},
	{"E4 duplicate key below", base + "run: {env: {A: b, A: c}}", 4, `key "A" is given twice`, "once", false},
	{"E4 second document", base + "---\nversion: 1\n", 4, "second document", "one document", false},
	{"E4 empty second document", base + "---\n", 4, "second document", "one document", false},
	{"E4 anchor", base + "tolerance: &t 20%", 4, "anchor", "value itself", false},
	{"E4 alias", "version: 1\nimage: &n x\nengine: *n", 2, "anchor", "value itself", false},
	{"E4 alias to nothing", base + "tolerance: *t", 4, "alias", "value itself", false},
	{"E4 merge key", base + "run:\n  <<: {cpus: 1}", 5, "merge key", "keys themselves", false},
	{"E4 custom tag", base + "tolerance: !percent 20%", 4, `tag "!percent"`, "without a tag", false},
	{"E4 standard tag", "version: !!int 1\nimage: x\nengine: x", 1, `tag "!!int"`, "without a tag", false},
	{"E4 quoted number", base + `health: {port: "8000"}`, 4, `health.port is "8000"`, "without quotes", true},
	{"E4 hexadecimal number", base + "health: {port: 0x1F40}", 4, "health.port is 0x1F40", "in digits", false},
	{"E4 octal number", base + "health: {port: 0o17}", 4, "health.port is 0o17", "in digits", false},
	{"E4 old octal number", base + "health: {port: 010}", 4, "health.port is 010", "in digits", false},
	{"E4 underscored number", base + "health: {port: 8_000}", 4, "health.port is 8_000", "underscores", false},
	{"E4 float for an integer", base + "health: {port: 8000.0}", 4, "health.port is 8000.0", "points", false},
	{"E4 exponent", base + "metrics: {layers: {max: 1e1}}", 4, "metrics.layers.max is 1e1", "in digits", false},
	{"E4 negative number", base + "metrics: {layers: {max: -1}}", 4, "metrics.layers.max is -1", "from 0", true},
	{"E4 NaN", base + "run: {cpus: .nan}", 4, "run.cpus is .nan", "above 0", false},
	{"E4 infinity", base + "run: {cpus: .inf}", 4, "run.cpus is .inf", "above 0", false},
	{"E4 null", base + "tolerance:", 4, "value is missing", "leave the key out", true},
	{"E4 null by name", base + "tolerance: null", 4, "value is missing", "leave the key out", true},
	{"E4 null by tilde", base + "build: ~", 4, "value is missing", "leave the key out", true},
	{"E4 key that is a number", base + "run: {env: {1: x}}", 4, "key is not text", "in quotes", false},
	{"E4 key that is a list", base + "? [a]\n: b", 4, "key is not text", "name", false},
	{"E4 number for text", "version: 1\nimage: 3.10\nengine: x", 2, `image is not text: YAML takes "3.10"`, `"3.10"`, true},
	{"E4 boolean for text", base + "run: {env: {A: true}}", 4, "run.env.A is not text", `"true"`, true},
	{"list for a mapping", base + "health: [80]", 4, "health is not a mapping", "keys and values", true},
	{"text for a mapping", "version: 1\nimage: x\nbuild: .", 3, "build is not a mapping", "", true},
	{"mapping for text", base + "platform: {os: linux}", 4, "platform is not a single value", "a platform", true},
	{"text for a list", "version: 1\nimage: x\nbuild: {context: ., prepare: make dist}", 3, "build.prepare is not a list", "[make, dist]", true},
	{"list at the root", "- a\n", 1, "not a mapping", "keys and values", true},
	{"text at the root", "a\n", 1, "not a mapping", "keys and values", true},

	// E5, E13: refused before or by the parser.
	{"E13 conflict", "version: 1\n<<<<<<< HEAD\nimage: x\n=======\nimage: y\n>>>>>>> main\n", 2, "has a merge conflict", "resolve it, and delete the marker lines", false},
	{"E13 conflict in a file with Windows lines", "\ufeffversion: 1\r\n<<<<<<<\r\nimage: x\r\n=======\r\n>>>>>>>\r\n", 2, "has a merge conflict", "resolve it", false},
	{"E13 conflict in diff3 style, its head gone", base + "||||||| 3f2c\n=======\n>>>>>>> main\n", 4, "has a merge conflict", "resolve it", false},
	{"E13 end of a conflict", base + ">>>>>>> main", 4, "has a merge conflict", "resolve it", false},
	{"E13 middle of a conflict", base + "=======\n", 4, "not YAML", "", false},
	{"E5 nested too deep", base + "run: {env: " + strings.Repeat("{a: ", 20) + strings.Repeat("}", 21), 4, "nested more than 16 deep", "", true},
	{"E5 the parser's own depth", base + "run: " + strings.Repeat("[", 20000), 4, "not YAML", "", false},
	{"E5 billion laughs", "a: &a [x, x]\nb: &b [*a, *a]\n", 1, "anchor", "value itself", false},
	{"E5 CVE-2022-28948", "0: [:!00 \xef", 1, "not UTF-8", "UTF-8", false},
	{"E5 too large", base + "# " + strings.Repeat("x", 64<<10), 0, "larger than 64 KiB", "smaller", false},
	{"control character", base + "# \x1b[31m", 4, "control character", "escaped", false},
	{"latin-1", base + "# caf\xe9", 4, "not UTF-8", "UTF-8", false},
	{"unclosed bracket", base + "run: {cpus: 1\nlink: {}\n", 4, "not YAML", "", false},
	{"bad indent", base + "run:\n  cpus: 1\n   memory: 1GB\n", 6, "not YAML", "", false},
	{"tab for indent", base + "run:\n\tcpus: 1\n", 5, "not YAML", "", false},
	{"unclosed quote", base + "tolerance: \"20%\n", 4, "not YAML", "", false},
	{"first line is no YAML", "]\n", 1, "not YAML", "", false},
	{"E6 empty", "", 0, "is empty", "version", false},
	{"E6 comments only", "# nothing\n", 0, "is empty", "version", false},

	// E7: versions.
	{"E7 newer version", "version: 2\nimage: x\nnovelty: x", 1, "version is 2, newer", "update image-budget", true},
	{"E7 older version", "version: 0\nimage: x\nengine: x", 1, "version is 0, older", "version: 1", true},
	{"no version", "image: x\nengine: x", 1, "version is missing", "version: 1", true},
	{"quoted version", "version: \"1\"\nimage: x\nengine: x", 1, `version is "1"`, "without quotes", true},

	// E15: one spelling of every unit.
	{"E15 percentage without a sign", base + "tolerance: 20", 4, "tolerance: 20 is not a percentage", "20% or 12.5%", true},
	{"E15 share for a percentage", base + "tolerance: 0.2", 4, "tolerance: 0.2 is not a percentage", "20% or 12.5%", true},
	{"E15 percentage with a space", base + "tolerance: 20 %", 4, "not a percentage", "20% or 12.5%", true},
	{"E15 negative percentage", base + "tolerance: -5%", 4, "not a percentage", "20% or 12.5%", true},
	{"E15 duration with a space", base + "health: {timeout: 1.5 s}", 4, "health.timeout: 1.5 s is not a duration", "30s, 1.5s, 250ms", true},
	{"E15 duration without a unit", base + "health: {timeout: 20}", 4, "health.timeout: 20 is not a duration", "30s, 1.5s, 250ms", true},
	{"E15 negative duration", base + "link: {latency: -1s}", 4, "not a duration", "30s", true},
	{"E15 zero timeout", base + "health: {timeout: 0s}", 4, "no time at all", "30s", false},
	{"E15 size without a unit", base + "metrics: {size: {max: 500}}", 4, "metrics.size.max: 500 is not an amount with a unit", "500MB or 2GiB", true},
	{"E15 size with a space", base + "metrics: {size: {max: 120 MB}}", 4, "120 MB is not an amount", "500MB or 2GiB", true},
	{"E15 size in another case", base + "metrics: {size: {max: 120mb}}", 4, "120mb is not an amount", "500MB or 2GiB", true},
	{"E15 size in M", base + "run: {memory: 512M}", 4, "512M is not an amount", "500MB or 2GiB", true},
	{"E15 size in KB", base + "metrics: {size: {max: 120KB}}", 4, "120KB is not an amount", "kB MB GB are 1000", true},
	{"E15 parts of a byte", base + "metrics: {size: {max: 0.1KiB}}", 4, "does not come to whole bytes", "500MB", false},
	{"E15 more bytes than there are", base + "metrics: {size: {max: 9000000000GB}}", 4, "too large", "500MB", false},
	{"E15 time for a size", base + "metrics: {size: {max: 30s}}", 4, "30s is not an amount", "500MB", true},
	{"E15 size for a time", base + "metrics: {pull_time: {max: 30MB}}", 4, "30MB is not a duration", "30s", true},
	{"E15 unit for a count", base + "metrics: {layers: {max: 15MB}}", 4, "metrics.layers.max is 15MB", "whole number", true},
	{"E15 bandwidth in bytes", base + "link: {bandwidth: 10MB/s}", 4, "10MB/s is not an amount", "80Mbit/s or 1Gbit/s", true},
	{"E15 bandwidth without a unit", base + "link: {bandwidth: 1000}", 4, "1000 is not an amount", "80Mbit/s or 1Gbit/s", true},
	{"E15 bandwidth of 0", base + "link: {bandwidth: 0Mbit/s}", 4, "lets nothing through", "80Mbit/s or 1Gbit/s", false},

	// What a budget has to say, and what it cannot.
	{"no image", "version: 1\nengine: x", 1, "image is missing", "reports", true},
	{"empty image", "version: 1\nimage: ''\nengine: x", 2, "image is empty", "", true},
	{"no source", "version: 1\nimage: x", 1, "where the image comes from", "exactly one of build, pull", true},
	{"two sources", base + "pull: y", 4, "pull is a second place that the image comes from, beside engine", "exactly one of", true},
	{"no context", "version: 1\nimage: x\nbuild: {}", 3, "build.context is missing", "context:", true},
	{"secret without a source", "version: 1\nimage: x\nbuild: {context: ., secrets: [{id: a}]}", 3, "exactly one of env and file", "{id: NAME, env: VARIABLE}", true},
	{"secret with two sources", "version: 1\nimage: x\nbuild: {context: ., secrets: [{id: a, env: B, file: c}]}", 3, "exactly one of env and file", "", true},
	{"secret given twice", "version: 1\nimage: x\nbuild: {context: ., secrets: [{id: a, env: B}, {id: a, env: C}]}", 3, "a second time", "", false},
	{"build network", "version: 1\nimage: x\nbuild: {context: ., network: bridge}", 3, `build.network is "bridge"`, "default, host or none", true},
	{"build timeout", "version: 1\nimage: x\nbuild: {context: ., timeout: 0s}", 3, "build.timeout", "30s", false},
	{"frontend without a digest", "version: 1\nimage: x\nbuild: {context: ., syntax: ['evil/frontend:1']}", 3, `"evil/frontend:1" has no digest`, "@sha256:", true},
	{"rebuild of nothing", "version: 1\nimage: x\nbuild: {context: .}\nrebuild: {}\nmetrics: {rebuild_time: {}}", 4, "rebuild.touch is missing", "rebuild: {touch: FILE}", true},
	{"rebuild outside of the context", "version: 1\nimage: x\nbuild: {context: .}\nrebuild: {touch: ../main.py}\nmetrics: {rebuild_time: {}}", 4, `"../main.py" is not in the context`, "app/main.py", false},
	{"rebuild that is not gated", "version: 1\nimage: x\nbuild: {context: .}\nrebuild: {touch: main.py}", 4, "rebuild is declared, but rebuild_time is not gated", "add rebuild_time: {}", false},
	{"rebuild of what is not built", base + "rebuild: {touch: main.py}\nmetrics: {rebuild_time: {}}", 4, "goes with an image that is built", "in place of engine", false},
	{"a rebuild's time without a rebuild", "version: 1\nimage: x\nbuild: {context: .}\nmetrics:\n  size: {}\n  rebuild_time: {max: 10s}", 6, "metrics.rebuild_time is gated, but not which file changes", "rebuild: {touch: FILE}", false},
	{"a rebuild's time of what is not built", base + "metrics: {rebuild_time: {}}", 4, "metrics.rebuild_time is gated", "in place of engine", false},
	{"bad reference", "version: 1\nimage: x\npull: Acme/X:main:main", 3, "not the reference of an image", "ghcr.io/acme", false},
	{"bad platform", base + "platform: amd64", 4, "platform: amd64 is not a platform", "linux/amd64", true},
	{"port above all", base + "health: {port: 65536}", 4, "health.port is 65536", "from 1 to 65535", true},
	{"path without a slash", base + "health: {path: health}", 4, "not the path of a URL", "/health", true},
	{"scheme", base + "health: {scheme: ftp}", 4, `health.scheme is "ftp"`, "http or https", true},
	{"sandbox", base + "run: {sandbox: none}", 4, `run.sandbox is "none"`, "standard or strict", true},
	{"on_inconclusive", base + "on_inconclusive: ignore", 4, `on_inconclusive is "ignore"`, "fail or warn", true},
	{"lint", base + "lint: fail", 4, `lint is "fail"`, "off, warn or error", true},
	{"lint as a boolean", base + "lint: false", 4, "lint is not text", `in quotes: "false"`, true},
	{"lint in capitals", base + "lint: OFF", 4, `lint is "OFF"`, "off, warn or error", true},
	{"lint as a mapping", base + "lint: {level: warn}", 4, "lint is not a single value", "", true},
	{"no CPU", base + "run: {cpus: 0}", 4, "run.cpus is 0", "above 0", true},
	{"too little memory", base + "run: {memory: 1MB}", 4, "run.memory is below 6MiB", "2GiB", false},
	{"variable with an equals sign", base + "run: {env: {A=B: c}}", 4, "not the name of a variable", "", true},
	{"nothing gated", base + "metrics: {}", 4, "gates nothing", "leave the key out", true},
	{"exception without an end", base + "exceptions: [{metric: size, tolerance: 30%, reason: r}]", 4, "until is missing", "until: 2027-01-31", true},
	{"exception without a reason", base + "exceptions: [{metric: size, tolerance: 30%, until: 2027-01-31}]", 4, "reason is missing", "reason:", true},
	{"exception with an empty reason", base + "exceptions: [{metric: size, tolerance: 30%, until: 2027-01-31, reason: ''}]", 4, "reason is empty", "", true},
	{"exception that is over", base + "exceptions: [{metric: size, tolerance: 30%, until: 2026-11-21, reason: r}]", 4, "ended on 2026-11-21", "new day", false},
	{"exception of a day that is none", base + "exceptions: [{metric: size, tolerance: 30%, until: 2027-02-30, reason: r}]", 4, `2027-02-30 is not a date`, "2027-01-31", false},
	{"exception of no metric", base + "exceptions: [{metric: speed, tolerance: 30%, until: 2027-01-31, reason: r}]", 4, `"speed", which is not gated`, "size", true},
	{"exception of what is not gated", base + "metrics: {layers: {}}\nexceptions: [{metric: size, tolerance: 30%, until: 2027-01-31, reason: r}]", 5, `"size", which is not gated`, "layers", false},
	{"exception given twice", base + "exceptions:\n  - {metric: size, tolerance: 30%, until: 2027-01-31, reason: r}\n  - {metric: size, tolerance: 40%, until: 2027-01-31, reason: r}", 6, "already, in line 5", "one exception", false},
	{"exception that allows nothing more", base + "exceptions: [{metric: size, tolerance: 20%, until: 2027-01-31, reason: r}]", 4, "no more than the metric's own 20%", "raise it", false},
}
