// Package budgets holds the schema of the budget files that lie beside it.
package budgets

import _ "embed"

// Schema is the JSON schema (draft-07) of a budget file.
//
//go:embed budget.schema.json
var Schema []byte
