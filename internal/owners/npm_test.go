package owners

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNPM(t *testing.T) {
	o := image{
		"app/package.json":                                             `{"name": "app", "version": "1.0.0"}`,
		"app/node_modules/express/package.json":                        `{"name": "express", "version": "4.19.2", "dependencies": {"debug": "2.6.9"}}`,
		"app/node_modules/express/test/package.json":                   `{"name": "fixture"}`,
		"app/node_modules/express/node_modules/debug/package.json":     `{"name": "debug", "version": "2.6.9"}`,
		"app/node_modules/debug/package.json":                          "\uFEFF" + `{"name": "debug", "version": "4.3.4"}`,
		"app/node_modules/@babel/core/package.json":                    `{"name": "@babel/core", "version": "7.24.0"}`,
		"app/node_modules/alias/package.json":                          `{"name": "lodash", "version": "4.17.21"}`,
		"app/node_modules/bare/package.json":                           `{"type": "module"}`,
		"app/node_modules/.pnpm/ms@2.1.3/node_modules/ms/package.json": `{"name": "ms", "version": "2.1.3"}`,
		"usr/local/lib/node_modules/npm/package.json":                  `{"name": "npm", "version": "10.5.0"}`,
	}.read()
	require.Equal(t, []string{
		"npm:ms 2.1.3", "npm:@babel/core 7.24.0", "npm:lodash 4.17.21", "npm:bare ", "npm:debug 4.3.4",
		"npm:debug 2.6.9", "npm:express 4.19.2", "npm:npm 10.5.0",
	}, keys(o))
	requireOwners(t, o, map[string]string{
		"app/index.js":                                              "",
		"app/node_modules/.bin/express":                             "",
		"app/node_modules/express/package.json":                     "npm:express*",
		"app/node_modules/express/test/package.json":                "npm:express*",
		"app/node_modules/express/node_modules/.bin/mime":           "npm:express*",
		"app/node_modules/express/node_modules/debug/src/a/node.js": "npm:debug*",
		"app/node_modules/express.js":                               "",
		"app/node_modules/@babel/core/lib/index.js":                 "npm:@babel/core*",
		"app/node_modules/@babel/other/index.js":                    "",
		"app/node_modules/alias/fp.js":                              "npm:lodash*",
		"app/node_modules/.pnpm/ms@2.1.3/node_modules/ms/index.js":  "npm:ms*",
		"usr/local/lib/node_modules/npm/bin/npm-cli.js":             "npm:npm*",
	})
	require.Empty(t, o.Problems())
}

func TestDamagedNPM(t *testing.T) {
	o := image{
		"node_modules/a/package.json":    `{"name": "a", "version`,
		"node_modules/b/package.json":    `{"name": ["b"], "version": "2"}`,
		"node_modules/c/package.json":    `{"name": "c\u0000d", "version": "\n"}`,
		"node_modules/\xff/package.json": ``,
	}.read()
	require.Equal(t, []string{"npm:a ", "npm:b 2", "npm:c "}, keys(o))
	requireOwners(t, o, map[string]string{
		"node_modules/a/x": "npm:a*", "node_modules/b/x": "npm:b*", "node_modules/c/x": "npm:c*", "node_modules/\xff/x": "",
	})
	require.Len(t, o.Problems(), 5)
}
