// Command probe is the one static program inside the images of the engine
// tests: a service that tells what it sees of its sandbox, an app that ends
// badly in each way there is, and a tool for RUN in a build FROM scratch.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	command, args := os.Args[1], os.Args[2:]
	switch command {
	case "serve":
		serve(":8000")
	case "exit": // exit CODE
		fmt.Println("leaving with", args[0])
		code, _ := strconv.Atoi(args[0])
		os.Exit(code)
	case "eat":
		eat()
	case "flood": // flood BYTES, without a newline until the last
		flood(args[0])
	case "lines": // lines COUNT, of 60 characters and more
		lines(args[0])
	case "sleep":
		time.Sleep(time.Hour)
	case "work": // work DURATION FILE: takes as long, and leaves a file
		takes, err := time.ParseDuration(args[0])
		must(err)
		time.Sleep(takes)
		must(os.WriteFile(args[1], nil, 0o644))
	case "env": // env FILE
		keep(args[0], os.Environ())
	case "list": // list FOLDER FILE
		list(args[0], args[1])
	case "copy": // copy FROM TO
		content, err := os.ReadFile(args[0])
		must(err)
		must(os.WriteFile(args[1], content, 0o644))
	case "count": // count COUNTER FILE: one more in COUNTER, and FILE says how many
		count(args[0], args[1])
	}
}

// serve answers /health, and what the engine tests ask of a sandbox.
func serve(address string) {
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	http.HandleFunc("/env", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(os.Environ()) })
	http.HandleFunc("/read", func(w http.ResponseWriter, r *http.Request) {
		content, err := os.ReadFile(r.FormValue("path"))
		answer(w, content, err)
	})
	http.HandleFunc("/write", func(w http.ResponseWriter, r *http.Request) {
		answer(w, nil, os.WriteFile(r.FormValue("path"), []byte("x"), 0o600))
	})
	http.HandleFunc("/dial", func(w http.ResponseWriter, r *http.Request) {
		conn, err := net.DialTimeout("tcp", r.FormValue("address"), 2*time.Second)
		if err == nil {
			_ = conn.Close()
		}
		answer(w, nil, err)
	})
	http.HandleFunc("/lookup", func(w http.ResponseWriter, r *http.Request) {
		_, err := net.DefaultResolver.LookupHost(r.Context(), r.FormValue("name"))
		answer(w, nil, err)
	})
	fmt.Println("listening on", address)
	must(http.ListenAndServe(address, nil))
}

func answer(w http.ResponseWriter, content []byte, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusTeapot)
		return
	}
	_, _ = w.Write(content)
}

func eat() {
	var all [][]byte
	for {
		all = append(all, bytes.Repeat([]byte{1}, 1<<20))
		_ = all
	}
}

func flood(size string) {
	n, err := strconv.Atoi(size)
	must(err)
	for chunk := bytes.Repeat([]byte{'x'}, 1<<16); n > 0; n -= len(chunk) {
		_, _ = os.Stdout.Write(chunk[:min(n, len(chunk))])
	}
	fmt.Println("the end")
	time.Sleep(time.Hour)
}

func lines(count string) {
	n, err := strconv.Atoi(count)
	must(err)
	out := bufio.NewWriter(os.Stderr)
	for i := range n {
		fmt.Fprintf(out, "line %d %s\n", i+1, strings.Repeat("x", 60))
	}
	must(out.Flush())
}

func list(folder, file string) {
	found := []string{}
	must(filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	}))
	keep(file, found)
}

func count(counter, file string) {
	content, _ := os.ReadFile(counter)
	n, _ := strconv.Atoi(string(content))
	must(os.WriteFile(counter, []byte(strconv.Itoa(n+1)), 0o644))
	must(os.WriteFile(file, []byte(strconv.Itoa(n+1)), 0o644))
}

func keep(file string, lines []string) {
	content, err := json.Marshal(lines)
	must(err)
	must(os.WriteFile(file, content, 0o644))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(1)
	}
}
