package waste

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What a service loads when it runs is of no category.
func TestNeeded(t *testing.T) {
	all := files(t, needed)
	require.Greater(t, len(all), 100)
	for _, f := range all {
		require.Equal(t, "none", nameOf(f), "%+v", f)
	}
}

// needed is what images load when they run, with names that mislead.
const needed = `
	bin/busybox apk:busybox
	lib/ld-musl-x86_64.so.1 apk:musl
	usr/lib/libstdc++.so.6.0.32 apk:libstdc++
	usr/lib/libgcc_s.so.1 apk:libgcc
	usr/lib/libgomp.so.1.0.0 apk:libgomp
	usr/lib/libgfortran.so.5 apk:libgfortran
	usr/lib/libopenblas.so.3 apk:openblas
	usr/lib/libLLVM-17.so apk:llvm17-libs
	usr/lib/libssl.so.3 apk:libssl3
	lib/apk/db/installed
	etc/apk/repositories
	usr/share/zoneinfo/UTC apk:tzdata
	etc/ssl/certs/ca-certificates.crt
	lib/x86_64-linux-gnu/libc.so.6 deb:libc6
	lib64/ld-linux-x86-64.so.2 deb:libc6
	lib/x86_64-linux-gnu/libgcc_s.so.1 deb:libgcc-s1
	usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30 deb:libstdc++6
	usr/lib/x86_64-linux-gnu/libgomp.so.1.0.0 deb:libgomp1
	usr/lib/x86_64-linux-gnu/libatomic.so.1 deb:libatomic1
	usr/lib/x86_64-linux-gnu/libgfortran.so.5.0.0 deb:libgfortran5
	usr/lib/x86_64-linux-gnu/libquadmath.so.0.0.0 deb:libquadmath0
	usr/lib/x86_64-linux-gnu/libLLVM-15.so.1 deb:libllvm15
	usr/lib/x86_64-linux-gnu/libclang-14.so.1 deb:libclang1-14
	usr/lib/x86_64-linux-gnu/libmpfr.so.6 deb:libmpfr6
	usr/lib/x86_64-linux-gnu/libcurl.so.4 deb:libcurl4
	usr/lib/x86_64-linux-gnu/libblas.so.3 deb:libblas3
	usr/lib/x86_64-linux-gnu/gconv/ISO8859-15.so deb:libc6
	usr/lib/x86_64-linux-gnu/perl-base/strict.pm deb:perl-base
	usr/lib/locale/C.utf8/LC_CTYPE deb:libc-bin
	usr/lib/ssl/openssl.cnf deb:openssl
	usr/bin/test deb:coreutils
	usr/bin/curl deb:curl
	usr/sbin/make-ssl-cert deb:ssl-cert
	usr/bin/python3.11 deb:python3.11-minimal
	usr/sbin/nginx deb:nginx
	usr/share/zoneinfo/Europe/Berlin deb:tzdata
	usr/share/ca-certificates/mozilla/ISRG_Root_X1.crt deb:ca-certificates
	usr/share/fonts/truetype/dejavu/DejaVuSans.ttf deb:fonts-dejavu-core
	usr/share/mime/magic deb:shared-mime-info
	usr/share/misc/magic.mgc deb:libmagic-mgc
	usr/share/poppler/cMap/Adobe-Japan1/H deb:poppler-data
	usr/share/tesseract-ocr/5/tessdata/eng.traineddata deb:tesseract-ocr-eng
	usr/share/postgresql/15/postgres.bki deb:postgresql-15
	usr/share/doc/libc6/copyright deb:libc6
	var/lib/dpkg/status
	var/lib/dpkg/info/libc6:amd64.list deb:dpkg
	etc/passwd
	etc/localtime
	usr/lib/jvm/java-17-openjdk-amd64/lib/modules deb:openjdk-17-jre-headless
	usr/lib/jvm/temurin-21-jdk-amd64/lib/server/libjvm.so deb:temurin-21-jdk
	usr/local/bin/python3.12
	usr/local/lib/libpython3.12.so.1.0
	usr/local/lib/python3.12/json/decoder.py
	usr/local/lib/python3.12/unittest/mock.py
	usr/local/lib/python3.12/doctest.py
	usr/local/lib/python3.12/pdb.py
	usr/local/lib/python3.12/pydoc.py
	usr/local/lib/python3.12/_sysconfigdata__linux_x86_64-linux-gnu.py
	usr/local/lib/python3.12/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so
	usr/local/lib/python3.12/lib-dynload/_testcapi.cpython-312-x86_64-linux-gnu.so
	usr/local/lib/python3.12/encodings/__pycache__/utf_8.cpython-312.pyc
	usr/local/lib/python3.12/venv/scripts/common/activate
	usr/local/lib/python3.12/site-packages/setuptools/_distutils/ccompiler.py
	usr/local/lib/python3.12/site-packages/pkg_resources/__init__.py
	usr/lib/python3/dist-packages/numpy/testing/__init__.py deb:python3-numpy
	usr/lib/python3/dist-packages/numpy/core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so deb:python3-numpy
	usr/lib/python3/dist-packages/torch/lib/libtorch_cpu.so deb:python3-torch
	usr/lib/python3/dist-packages/sklearn/utils/_testing.py deb:python3-sklearn-lib
	app/.venv/bin/uvicorn python:uvicorn
	app/.venv/bin/python
	app/.venv/pyvenv.cfg
	app/.venv/lib/python3.12/site-packages/numpy/_pytesttester.py
	app/.venv/lib/python3.12/site-packages/numpy/testing/_private/utils.py python:numpy
	app/.venv/lib/python3.12/site-packages/numpy.libs/libscipy_openblas64_-ff651d7f.so
	app/.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/METADATA python:numpy
	app/.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/entry_points.txt
	app/.venv/lib/python3.12/site-packages/pandas/_testing/asserters.py python:pandas
	app/.venv/lib/python3.12/site-packages/pandas/io/formats/templates/html.tpl python:pandas
	app/.venv/lib/python3.12/site-packages/torch/testing/_internal/common_utils.py python:torch
	app/.venv/lib/python3.12/site-packages/torch/_inductor/test_operators.py python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/libtorch_python.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/libc10.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/lib/libshm.so python:torch
	app/.venv/lib/python3.12/site-packages/torch/bin/torch_shm_manager python:torch
	app/.venv/lib/python3.12/site-packages/tensorflow/_api/v2/test/__init__.py python:tensorflow
	app/.venv/lib/python3.12/site-packages/tensorflow/libtensorflow_framework.so.2 python:tensorflow
	app/.venv/lib/python3.12/site-packages/astropy/tests/runner.py python:astropy
	app/.venv/lib/python3.12/site-packages/tables/tests/__init__.py python:tables
	app/.venv/lib/python3.12/site-packages/numexpr/tests/test_numexpr.py python:numexpr
	app/.venv/lib/python3.12/site-packages/django/test/signals.py python:django
	app/.venv/lib/python3.12/site-packages/django/conf/locale/de/LC_MESSAGES/django.mo python:django
	app/.venv/lib/python3.12/site-packages/django/contrib/admin/static/admin/js/core.js python:django
	app/.venv/lib/python3.12/site-packages/dagster/_utils/test/__init__.py python:dagster
	app/.venv/lib/python3.12/site-packages/jinja2/tests.py python:jinja2
	app/.venv/lib/python3.12/site-packages/werkzeug/test.py python:werkzeug
	app/.venv/lib/python3.12/site-packages/aiohttp/test_utils.py python:aiohttp
	app/.venv/lib/python3.12/site-packages/apache_beam/testing/test_stream.py python:apache-beam
	app/.venv/lib/python3.12/site-packages/skimage/__init__.pyi python:scikit-image
	app/.venv/lib/python3.12/site-packages/mypy_extensions.py python:mypy-extensions
	app/.venv/lib/python3.12/site-packages/pynvml.py python:nvidia-ml-py
	app/.venv/lib/python3.12/site-packages/matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf python:matplotlib
	app/.venv/lib/python3.12/site-packages/certifi/cacert.pem python:certifi
	app/.venv/lib/python3.12/site-packages/babel/locale-data/de.dat python:babel
	app/.venv/lib/python3.12/site-packages/pydantic_core/_pydantic_core.cpython-312-x86_64-linux-gnu.so python:pydantic-core
	app/.venv/lib/python3.12/site-packages/distutils-precedence.pth 151
	app/.venv/lib/python3.12/site-packages/fastapi/__pycache__/applications.cpython-312.pyc
	opt/conda/bin/python3.12 conda:python
	opt/conda/lib/libmkl_core.so.2 conda:mkl
	opt/conda/lib/libstdc++.so.6.0.33 conda:libstdcxx-ng
	opt/conda/lib/python3.12/site-packages/scipy/_lib/_testutils.py conda:scipy
	opt/conda/conda-meta/python-3.12.4.json
	opt/conda/envs/app/lib/python3.12/asyncio/events.py
	usr/local/bin/node
	app/package.json
	app/server.js
	app/dist/main.js
	app/.next/server/app/page.js
	app/.next/BUILD_ID
	app/node_modules/express/lib/router/index.js
	app/node_modules/express/package.json
	app/node_modules/express/LICENSE
	app/node_modules/.pnpm/qs@6.13.0/node_modules/qs/lib/index.js
	app/node_modules/@babel/runtime/helpers/extends.js
	app/node_modules/@grpc/proto-loader/build/src/index.js
	app/node_modules/exceljs/lib/doc/workbook.js
	app/node_modules/googleapis/build/src/apis/docs/index.js
	app/node_modules/source-map-support/register.js
	app/node_modules/sharp/build/Release/sharp-linux-x64.node
	app/.yarn/cache/react-npm-18.3.1-af38f3c1ae-10.zip
	root/.cache/ms-playwright/chromium-1148/chrome-linux/chrome
	root/.cache/matplotlib/fontlist-v390.json
	root/.cache/pypoetry/virtualenvs/app-AbC-py3.12/lib/python3.12/site-packages/fastapi/__init__.py
	root/.local/share/uv/python/cpython-3.12.7-linux-x86_64-gnu/bin/python3.12
	usr/local/bin/uv
	usr/local/cargo/bin/my-service
	root/go/bin/my-service
	app/main.py
	app/manage.py
	app/models/user.py
	app/data/countries.csv 40000
	app/static/logo.png
	app/testing/fake.py
	app/contest/main.py
	app/locale/de/LC_MESSAGES/messages.mo
	app/docs/openapi.json
	app/.env
	var/www/html/index.php
	var/task/lambda_function.py
	opt/app/lib/app.jar
`
