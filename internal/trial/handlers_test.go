package trial

import "net/http"

func answering404() http.Handler { return http.NotFoundHandler() }

// flapping answers 200, 503, 200.
func flapping() http.Handler { return answers(200, 503, 200) }
