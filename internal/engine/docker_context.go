package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/docker/cli/cli/config"
	"github.com/docker/docker/client"
	"github.com/opencontainers/go-digest"
)

// dockerHost finds the engine as the docker command line does: DOCKER_HOST with
// DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, then the context of DOCKER_CONTEXT,
// then the current context of its configuration, then the default socket.
// See https://docs.docker.com/engine/manage-resources/contexts/
func dockerHost() ([]client.Opt, error) {
	name := os.Getenv("DOCKER_CONTEXT")
	if os.Getenv(client.EnvOverrideHost) != "" {
		name = ""
	} else if name == "" {
		if file, err := config.Load(config.Dir()); err == nil {
			name = file.CurrentContext
		}
	}
	if name == "" || name == "default" {
		return []client.Opt{client.FromEnv}, nil
	}
	return dockerContext(filepath.Join(config.Dir(), "contexts"), name)
}

// dockerContext reads one context out of the folder where the command line
// keeps them, each under the SHA-256 of its name.
func dockerContext(folder, name string) ([]client.Opt, error) {
	hash := digest.FromString(name).Encoded()
	path := filepath.Join(folder, "meta", hash, "meta.json")
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, &Unavailable{Host: fmt.Sprintf("docker context %q", name), Err: err}
	}
	var meta struct {
		Endpoints map[string]struct{ Host string }
	}
	if err := json.Unmarshal(content, &meta); err != nil {
		return nil, &Unavailable{Host: fmt.Sprintf("docker context %q", name), Err: fmt.Errorf("parsing %s: %w", path, err)}
	}
	options := []client.Opt{client.WithHost(meta.Endpoints["docker"].Host)}
	keys := filepath.Join(folder, "tls", hash, "docker")
	if _, err := os.Stat(keys); errors.Is(err, fs.ErrNotExist) {
		return options, nil
	}
	return append(options, client.WithTLSClientConfig(
		filepath.Join(keys, "ca.pem"), filepath.Join(keys, "cert.pem"), filepath.Join(keys, "key.pem"))), nil
}
