package contents

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const config = `{"architecture":"amd64","os":"linux","created":"2026-01-01T00:00:00Z","author":"a",` +
	`"config":{"User":"app","Env":["A=1","B=2"],"Entrypoint":["/app"],"Cmd":["run",""],"WorkingDir":"/srv",` +
	`"ExposedPorts":{"8000/tcp":{}},"Volumes":{"/data":{}},"StopSignal":"SIGINT","ArgsEscaped":true,` +
	`"Shell":["/bin/bash","-c"],"Healthcheck":{"Test":["CMD","x"],"Interval":30000000000,"Retries":0},` +
	`"Labels":{"org.opencontainers.image.created":"now"},"OnBuild":null,"Image":"sha256:1","Hostname":"1234","Tty":false},` +
	`"history":[{"created":"2026-01-01T00:00:00Z"}],"rootfs":{"type":"layers","diff_ids":[]}}`

func TestRuntimeConfig(t *testing.T) {
	of := func(text string) string {
		canonical, err := runtimeConfig([]byte(text))
		require.NoError(t, err, text)
		return string(canonical)
	}
	want := of(config)
	same := [][2]string{
		{`"created":"2026-01-01T00:00:00Z","author":"a"`, `"created":"2026-02-02T00:00:00Z"`},
		{`"history":[{"created":"2026-01-01T00:00:00Z"}]`, `"history":[]`},
		{`"diff_ids":[]`, `"diff_ids":["sha256:1"]`},
		{`"User":"app","Env":["A=1","B=2"]`, `"Env":["A=1","B=2"],"User":"app"`},
		{`image.created":"now"`, `image.created":"later"`},
		{`"OnBuild":null`, `"OnBuild":["RUN x"]`},
		{`"Image":"sha256:1","Hostname":"1234"`, `"Image":"sha256:2","Hostname":"5678","Domainname":""`},
		{`"Tty":false`, `"OpenStdin":false,"MacAddress":"","Other":null`},
		{`,"Retries":0`, ``},
		{`{"8000/tcp":{}}`, `{"8000/tcp":null}`},
	}
	for _, c := range same {
		require.Contains(t, config, c[0])
		require.Equal(t, want, of(strings.Replace(config, c[0], c[1], 1)), c[1])
	}
	different := [][2]string{
		{`"amd64"`, `"arm64"`}, {`"linux"`, `"windows"`}, {`"os"`, `"variant":"v8","os"`},
		{`"User":"app"`, `"User":""`}, {`"B=2"`, `"B=3"`}, {`"A=1","B=2"`, `"B=2","A=1"`},
		{`["/app"]`, `["/app","x"]`}, {`["run",""]`, `["run"]`}, {`"/srv"`, `"/"`},
		{`8000/tcp`, `8000/udp`}, {`"/data":{}`, `"/data":{},"/more":{}`}, {`"SIGINT"`, `"SIGTERM"`},
		{`"ArgsEscaped":true,`, ``}, {`bash`, `sh`}, {`"CMD","x"`, `"NONE"`}, {`30000000000`, `30000000001`},
		{`"Retries":0`, `"Retries":1`}, {`"Tty":false`, `"Tty":true`}, {`"Tty":false`, `"New":{"a":[]}`},
	}
	for _, c := range different {
		require.Contains(t, config, c[0])
		require.NotEqual(t, want, of(strings.Replace(config, c[0], c[1], 1)), c[1])
	}
	for _, empty := range []string{`{"config":null}`, `{"config":{}}`, `{"config":{"Env":[],"Cmd":null,"Healthcheck":{},"Labels":{"a":"b"}}}`} {
		require.Equal(t, of(`{}`), of(empty), empty)
	}
	for _, bad := range []string{``, `[]`, `{"config":[]}`, `{"os":1}`} {
		_, err := runtimeConfig([]byte(bad))
		require.Error(t, err, bad)
	}
}
