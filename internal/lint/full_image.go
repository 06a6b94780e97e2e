package lint

import (
	"fmt"
	"slices"
	"strings"
)

// FullImage finds base images that have a slim variant.
var FullImage = Rule{
	Name: "full-image", Severity: Warning,
	Summary: "the image is built on the full variant of its base",
	Why:     "the full variants of official images hold compilers, headers and version control, some 800 MB that no service needs",
	Fix:     "use the -slim variant in the final stage, and the full one where it compiles",
	Doc: `Docker's official images of Python, Node.js, Ruby, Rust, Perl, PyPy, OpenJDK, Erlang,
Elixir and Debian have a -slim variant. Looked at is the image that the final stage
comes from, also where a mirror serves it in a folder library, as Docker Hub does.`,
	Bad: `-- Dockerfile --
FROM python:3.12
COPY app /app
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
`,
	Good: `-- Dockerfile --
FROM python:3.12-slim
COPY app /app
USER 10001
HEALTHCHECK CMD ["python", "/app/healthy.py"]
CMD ["python", "/app/main.py"]
`,
	Check: func(s *Subject) []Finding {
		root := s.Final().Root()
		name := parseReference(root.Base)
		if !root.Known || !name.official() || !slices.Contains(withSlim, name.last()) {
			return nil
		}
		for _, small := range []string{"slim", "alpine", "windows", "nanoserver"} {
			if strings.Contains(name.tag, small) {
				return nil
			}
		}
		f := root.finding(fmt.Sprintf("the image is built on %s, which has a smaller -slim variant", quoted(root.Base)))
		if name.tag != "" && name.tag != "latest" && !name.pinned {
			f.Fix = fmt.Sprintf("write FROM %s-slim in the final stage, and compile in a stage of its own", root.Base)
		}
		return []Finding{f}
	},
}

// withSlim are the official images that have it.
var withSlim = []string{"python", "node", "ruby", "rust", "perl", "pypy", "openjdk", "erlang", "elixir", "debian"}
