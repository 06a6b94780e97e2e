// Command probe is an HTTP service that misbehaves as its environment says, for
// the tests of cold starts. Without a word it answers 200 to everything on port
// 8000 at once.
//
//	DELAY=2s          sleep before it listens
//	BIND=127.0.0.1    listen there only
//	UNREADY=1s        answer 503 for that long after it listens
//	EXIT=3            print a traceback and end with that status after DELAY
//	HOG=1             take memory until it is killed
//	SILENT=1          take connections and never answer
//	FLAP=1            answer 200, 503, 200
//	LOGFLOOD=1        write to standard output without end and without newlines
//	IGNORE_TERM=1     do not end on SIGTERM
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	if os.Getenv("IGNORE_TERM") != "" {
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT)
	}
	if os.Getenv("LOGFLOOD") != "" {
		go flood()
	}
	time.Sleep(duration("DELAY"))
	if code, err := strconv.Atoi(os.Getenv("EXIT")); err == nil {
		fmt.Fprintln(os.Stderr, "Traceback (most recent call last):")
		fmt.Fprintln(os.Stderr, "FileNotFoundError: model.bin")
		os.Exit(code)
	}
	if os.Getenv("HOG") != "" {
		hog()
	}
	server := &http.Server{Addr: os.Getenv("BIND") + ":8000", Handler: handler(), ReadHeaderTimeout: time.Minute}
	fmt.Fprintln(os.Stderr, server.ListenAndServe())
	os.Exit(1)
}

func handler() http.Handler {
	ready := time.Now().Add(duration("UNREADY"))
	silent, flap := os.Getenv("SILENT") != "", os.Getenv("FLAP") != ""
	var asked atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		n := asked.Add(1)
		switch {
		case silent:
			<-req.Context().Done()
		case time.Now().Before(ready) || (flap && n == 2):
			http.Error(w, "not yet", http.StatusServiceUnavailable)
		default:
			fmt.Fprintln(w, "ok")
		}
	})
}

func duration(name string) time.Duration {
	d, err := time.ParseDuration(os.Getenv(name))
	if err != nil {
		return 0
	}
	return d
}

// hog touches every page, so that the memory is really taken.
func hog() {
	var all [][]byte
	for {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		all = append(all, block)
		_ = all
	}
}

func flood() {
	line := make([]byte, 64<<10)
	for i := range line {
		line[i] = 'x'
	}
	for {
		if _, err := os.Stdout.Write(line); err != nil {
			return
		}
	}
}
