// Command hello is a small HTTP service with a health path. It is the image
// under test of budgets/hello.yaml.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// settings are read from a file in the image.
type settings struct {
	Address string `json:"address"`
	Static  string `json:"static"` // folder of the pages
}

func main() {
	if err := run("/etc/hello.json"); err != nil {
		log.Fatal("hello: ", err)
	}
}

func run(path string) error {
	s, err := load(path)
	if err != nil {
		return err
	}
	if err := delay(os.Getenv("DELAY")); err != nil {
		return err
	}
	// As process 1 the service gets no default handling of SIGTERM.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Addr: s.Address, Handler: routes(s.Static), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving on %q: %w", s.Address, err)
	}
	return nil
}

func load(path string) (settings, error) {
	var s settings
	text, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("reading settings: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("parsing settings %q: %w", path, err)
	}
	return s, nil
}

// delay stands for the imports and the model loading of a real service: DELAY
// is how long to sleep before listening, such as 2s.
func delay(text string) error {
	if text == "" {
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("parsing DELAY: %w", err)
	}
	time.Sleep(d)
	return nil
}

func routes(static string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"ok"}` + "\n"))
	})
	mux.Handle("GET /", http.FileServer(http.Dir(static)))
	return mux
}
