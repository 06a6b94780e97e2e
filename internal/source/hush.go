package source

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// leastSecret is how long a value has to be to be taken for a secret: shorter ones
// are words, which errors have to be able to say.
const leastSecret = 6

// openParameters are those of addresses that say nothing secret; signatures,
// tokens and accounts come in others. As go-containerregistry's own list has it.
var openParameters = []string{"account", "client_id", "digest", "from", "last", "mount", "n", "scope", "service"}

// hush knows the secrets that were sent, and takes them out of what registries say
// of an error: some repeat the address, and some the credentials.
type hush struct {
	sync.Mutex
	secrets []string
}

// learn notes what a request carries.
func (h *hush) learn(req *http.Request) {
	h.Lock()
	defer h.Unlock()
	add := func(secret string) {
		if len(secret) >= leastSecret && !slices.Contains(h.secrets, secret) {
			h.secrets = append(h.secrets, secret)
		}
	}
	if _, credentials, ok := strings.Cut(req.Header.Get("Authorization"), " "); ok {
		add(credentials)
		if plain, err := base64.StdEncoding.DecodeString(credentials); err == nil {
			_, password, _ := strings.Cut(string(plain), ":")
			add(password)
		}
	}
	for _, pair := range strings.Split(req.URL.RawQuery, "&") {
		if key, value, _ := strings.Cut(pair, "="); !slices.Contains(openParameters, key) {
			add(value)
		}
	}
	for key, values := range req.URL.Query() {
		if !slices.Contains(openParameters, key) {
			for _, value := range values {
				add(value)
			}
		}
	}
	// The longest first: one may be a part of another.
	slices.SortFunc(h.secrets, func(a, b string) int { return len(b) - len(a) })
}

// quiet reads the body of an error, and puts in its place one without secrets.
func (h *hush) quiet(resp *http.Response) {
	body := resp.Body
	text, _ := io.ReadAll(io.LimitReader(body, errorLimit)) // what came of it is said
	h.Lock()
	defer h.Unlock()
	for _, secret := range h.secrets {
		text = bytes.ReplaceAll(text, []byte(secret), []byte("REDACTED"))
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(text), body}
	resp.ContentLength = int64(len(text))
}
