package waste

var developmentCases = cases{Development, `
	app/.venv/lib/python3.12/site-packages/pytest/__init__.py python:pytest
	app/.venv/lib/python3.12/site-packages/_pytest/python.py
	app/.venv/lib/python3.12/site-packages/pytest-8.3.3.dist-info/RECORD
	app/.venv/lib/python3.12/site-packages/mypy/checker.cpython-312-x86_64-linux-gnu.so
	app/.venv/lib/python3.12/site-packages/pylint/__pycache__/lint.cpython-312.pyc
	app/.venv/bin/ruff python:ruff
	app/.venv/bin/black
	app/.venv/lib/python3.12/site-packages/jupyterlab/static/main.js
	app/.venv/share/jupyter/lab/index.html python:jupyterlab
	app/.venv/lib/python3.12/site-packages/IPython/core/magic.py
	app/.venv/lib/python3.12/site-packages/debugpy/_vendored/pydevd/pydevd.py
	app/.venv/lib/python3.12/site-packages/sphinxcontrib/htmlhelp/__init__.py
	app/.venv/lib/python3.12/site-packages/pandas-stubs/core/frame.pyi
	app/.venv/lib/python3.12/site-packages/types_requests-2.32.0.dist-info/METADATA
	usr/local/lib/python3.12/site-packages/pip/_vendor/rich/console.py python:pip
	usr/local/lib/python3.12/ensurepip/_bundled/pip-24.0-py3-none-any.whl
	usr/lib/python3.11/idlelib/editor.py deb:idle-python3.11
	usr/lib/python3/dist-packages/pytest/__init__.py deb:python3-pytest
	usr/lib/python3.12/site-packages/pip/__main__.py apk:py3-pip
	usr/bin/vim.basic deb:vim
	usr/share/vim/vim90/doc/help.txt deb:vim-runtime
	bin/nano apk:nano
	usr/bin/git deb:git
	usr/libexec/git-core/git-remote-http apk:git
	usr/lib/git-core/git-remote-https
	usr/bin/gdb deb:gdb
	usr/lib/debug/.build-id/ab/cd.debug deb:libc6-dbg
	app/node_modules/typescript/lib/tsc.js
	app/node_modules/@types/node/index.d.ts npm:@types/node
	app/node_modules/.pnpm/eslint@9.0.0/node_modules/eslint/lib/api.js
	app/.pytest_cache/v/cache/lastfailed
	app/.mypy_cache/3.12/app.data.json
	app/notebooks/explore.ipynb
	opt/nvidia/nsight-compute/2024.1.1/ncu deb:nsight-compute-2024.1.1
`, `
	app/.venv/lib/python3.12/site-packages/mypy_extensions.py python:mypy-extensions
	app/.venv/lib/python3.12/site-packages/skimage/filters/__init__.pyi python:scikit-image
	app/.venv/lib/python3.12/site-packages/pluggy/_hooks.py
	app/.venv/lib/python3.12/site-packages/typing_extensions.py
	app/.venv/lib/python3.12/site-packages/pygments/lexer.py
	app/.venv/lib/python3.12/site-packages/setuptools/__init__.py
	app/.venv/lib/python3.12/site-packages/git/repo/base.py python:gitpython
	app/.venv/lib/python3.12/site-packages/blackduck/client.py
	usr/local/bin/uv
	usr/local/lib/node_modules/npm/lib/npm.js npm:npm
	usr/bin/curl deb:curl
	usr/bin/less deb:less
	app/black.py
	app/git.py
	app/node_modules/esbuild/lib/main.js
	app/node_modules/jest.config/x.js
	usr/lib/python3.12/pdb.py
	usr/lib/python3.12/unittest/mock.py
`}

var testsCases = cases{Tests, `
	app/.venv/lib/python3.12/site-packages/pandas/tests/frame/test_api.py python:pandas
	app/.venv/lib/python3.12/site-packages/numpy/core/tests/data/umath.csv
	app/.venv/lib/python3.12/site-packages/numpy/testing/tests/test_utils.py
	app/.venv/lib/python3.12/site-packages/numpy/conftest.py
	app/.venv/lib/python3.12/site-packages/sklearn/tests/__pycache__/test_base.cpython-312.pyc
	app/.venv/lib/python3.12/site-packages/trio/_core/_tests/test_run.py
	app/.venv/lib/python3.12/site-packages/tests/test_mangum.py
	app/.venv/lib/python3.12/site-packages/Crypto/SelfTest/Cipher/test_AES.py
	usr/lib/python3/dist-packages/sklearn/datasets/tests/data/openml.gz deb:python3-sklearn
	usr/lib/python3.11/test/support/__init__.py deb:libpython3.11-stdlib
	usr/local/lib/python3.12/test/test_asyncio/test_tasks.py
	usr/local/lib/python3.8/unittest/test/testmock/testmock.py
	usr/local/lib/python3.8/tkinter/test/support.py
	opt/conda/lib/python3.12/test/test_json.py
	usr/lib/libpython-test.so deb:libpython3.11-testsuite
	app/tests/fixtures/large.bin
	srv/app/tests/conftest.py
	usr/src/app/test/server.js
	app/conftest.py
	app/orders/test_orders.py
	app/orders/orders_test.go
	app/src/__tests__/Button.jsx
	app/src/Button.test.tsx
	app/node_modules/qs/test/parse.js
	app/node_modules/@scope/kit/tests/a.js npm:@scope/kit
	app/node_modules/zod/lib/a.spec.js
`, `
	app/.venv/lib/python3.12/site-packages/numpy/testing/_private/utils.py python:numpy
	app/.venv/lib/python3.12/site-packages/torch/testing/__init__.py python:torch
	app/.venv/lib/python3.12/site-packages/torch/_inductor/test_operators.py python:torch
	app/.venv/lib/python3.12/site-packages/tensorflow/python/framework/test_util.py
	app/.venv/lib/python3.12/site-packages/tensorflow/_api/v2/test/__init__.py
	app/.venv/lib/python3.12/site-packages/google/cloud/dialogflowcx_v3/types/test_case.py
	app/.venv/lib/python3.12/site-packages/tables/tests/common.py
	app/.venv/lib/python3.12/site-packages/numexpr/tests/__init__.py
	app/.venv/lib/python3.12/site-packages/django/test/signals.py
	app/.venv/lib/python3.12/site-packages/jinja2/tests.py
	app/.venv/lib/python3.12/site-packages/fastapi/testclient.py
	app/.venv/lib/python3.12/site-packages/scipy/_lib/_testutils.py
	app/.venv/lib/python3.12/site-packages/pandas/_testing/__init__.py
	usr/lib/python3.12/unittest/case.py
	usr/bin/test deb:coreutils
	app/contest.py
	app/latest/index.html
	app/attests/a.py
	app/data/mnist/test/images.bin
	app/config/test/settings.yaml
	app/testing/fake.py
	app/node_modules/test/index.js
	app/node_modules/googleapis/build/src/apis/testing/v1.js
	app/node_modules/mime/lib/test/x.js
	usr/share/perl/5.36.0/Test/More.pm
`}

var assetsCases = cases{Assets, `
	app/dist/main.4f3a.js.map
	app/static/css/site.css.map
	app/node_modules/rxjs/dist/esm/index.d.ts.map
	app/node_modules/rxjs/dist/types/index.d.ts
	app/node_modules/bootstrap/scss/_variables.scss
	app/node_modules/.cache/babel-loader/a.json
	app/node_modules/.vite/deps/react.js
	app/.next/cache/webpack/server-production/0.pack
	app/.parcel-cache/data.mdb
	app/.turbo/cache/x.tar.zst
	app/tsconfig.tsbuildinfo
	app/node_modules/webpack/lib/index.js
	app/node_modules/@babel/core/lib/index.js npm:@babel/core
	app/node_modules/tailwindcss/lib/index.js
	app/node_modules/css-loader/dist/index.js
`, `
	app/data/world.map
	boot/System.map
	usr/share/keymaps/de.map
	app/src/app.tsx
	app/src/styles/site.scss
	app/types/index.d.ts
	app/.next/server/pages/index.js
	app/.next/static/chunks/main.js
	app/node_modules/@grpc/proto-loader/build/src/index.js
	app/node_modules/@babel/runtime/helpers/esm/extends.js
	app/node_modules/source-map-support/source-map-support.js
	app/node_modules/postcss-value-parser/lib/index.js
	app/node_modules/clean-css/lib/clean.js
	app/node_modules/dataloader/index.js
`}
