package starter

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/image-budget/image-budget/internal/budget"
)

// address is where a health check looks.
type address struct {
	scheme string // empty where it is not said
	port   int    // 0 where it is not said
	path   string // empty where it is not said
}

// here are the hosts by which a container calls itself, with a port that may be a
// variable of the shell or of Python, and a path.
var here = regexp.MustCompile(`(?:(https?)://)?\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])` +
	`(?::(\d{1,5}|\$\w+|\$?\{\w+(?::?-\d{1,5})?\}))?` + "(/[^\\s'\"`()\\[\\]{}<>|;,\\\\$#]*)?")

// given is the value of a port that is a variable with a default.
var given = regexp.MustCompile(`(\d+)\}?$`)

// check is the address that HEALTHCHECK looks at; zero where it is none that can be
// read.
func (d *dockerfile) check() address {
	m := here.FindStringSubmatch(d.healthcheck)
	if m == nil {
		return address{}
	}
	a := address{scheme: m[1], path: m[3]}
	if a.path == "" && (m[1] != "" || m[2] != "") {
		a.path = "/"
	}
	b := budget.Defaults()
	if b.Health.Path = a.path; b.Validate() != nil {
		a.path = ""
	}
	switch port := given.FindStringSubmatch(m[2]); {
	case port != nil:
		a.port = number(port[1])
	case m[2] == "":
		a.port = map[string]int{"http": 80, "https": 443}[a.scheme]
	}
	return a
}

// expose takes what EXPOSE says: 8000, 8000/tcp, 8000-8002.
func (d *dockerfile) expose(text string) {
	text, protocol, _ := strings.Cut(text, "/")
	first, _, _ := strings.Cut(text, "-")
	if port := number(first); port > 0 && (protocol == "" || strings.EqualFold(protocol, "tcp")) && !slices.Contains(d.exposed, port) {
		d.exposed = append(d.exposed, port)
	}
}

var (
	portFlag     = regexp.MustCompile(`(?:--(?:server[._-])?port|--http-port|-p)[ =]+["']?(\d{1,5})\b`)
	bindFlag     = regexp.MustCompile(`(?:--bind|-b|--listen|runserver)[ =]+["']?[\w.\[\]:*]*?:?(\d{2,5})\b`)
	portVariable = regexp.MustCompile(`^(?:PORT|HTTP_PORT|SERVER_PORT|APP_PORT|STREAMLIT_SERVER_PORT|GRADIO_SERVER_PORT|FLASK_RUN_PORT|UVICORN_PORT|ASPNETCORE_HTTP_PORTS)=(\d{1,5})$`)
)

// said is the port that the command or the environment names; 0 for none.
func (d *dockerfile) said() (port int, by string) {
	for _, flag := range []*regexp.Regexp{portFlag, bindFlag} {
		if m := flag.FindStringSubmatch(d.command); m != nil && number(m[1]) > 0 {
			return number(m[1]), "the command"
		}
	}
	for _, pair := range slices.Backward(d.env) {
		if m := portVariable.FindStringSubmatch(pair); m != nil && number(m[1]) > 0 {
			return number(m[1]), "ENV"
		}
	}
	return 0, ""
}

// number is the port that text is, 0 where it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 65535 {
		return 0
	}
	return n
}
