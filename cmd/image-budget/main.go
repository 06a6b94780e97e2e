// Command image-budget is the gate that keeps container images inside their
// budget.
package main

import (
	"os"

	"github.com/image-budget/image-budget/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
