package waste

var cachesCases = cases{Caches, `
	root/.cache/pip/http-v2/a/b/c/d/e/abcde.body
	home/app/.cache/pip/wheels/1a/2b/x.whl
	root/.cache/uv/archive-v0/Xq3/numpy/core/_multiarray_umath.so
	root/.cache/pypoetry/artifacts/0a/1b/torch-2.5.1-cp312-cp312-linux_x86_64.whl
	var/lib/apt/lists/deb.example.org_debian_dists_bookworm_main_binary-amd64_Packages.lz4
	var/cache/apt/archives/gcc-12_12.2.0-14_amd64.deb
	var/cache/apt/pkgcache.bin
	var/cache/apk/APKINDEX.066df28d.tar.gz
	etc/apk/cache/musl-1.2.5-r0.apk
	var/cache/dnf/base-filelists.solvx
	opt/conda/pkgs/mkl-2023.1.0-h213fc3f_46344/lib/libmkl_avx512.so.2
	root/miniconda3/pkgs/python-3.12.2.conda
	home/jovyan/.conda/pkgs/urls.txt
	root/.npm/_cacache/content-v2/sha512/ab/cd/ef
	home/node/.npm/_logs/2026-01-01-debug-0.log
	usr/local/share/.cache/yarn/v6/npm-react-18/node_modules/react/index.js
	root/.local/share/pnpm/store/v3/files/00/ab
	root/.cache/go-build/e1/e12-d
	root/go/pkg/mod/github.com/spf13/cobra@v1.10.2/command.go
	usr/local/cargo/registry/src/index.example.org-6f17d22bba15001f/serde-1.0.0/src/lib.rs
	root/.m2/repository/org/slf4j/slf4j-api/2.0.0/slf4j-api-2.0.0.jar
`, `
	root/.cache/huggingface/hub/version.txt
	root/.cache/matplotlib/fontlist-v390.json
	root/.cache/ms-playwright/chromium-1148/chrome-linux/chrome
	root/.cache/puppeteer/chrome/linux-131/chrome
	root/.cache/pypoetry/virtualenvs/app-AbC-py3.12/lib/python3.12/site-packages/fastapi/applications.py
	root/.local/share/uv/python/cpython-3.12.7-linux-x86_64-gnu/bin/python3.12
	root/.local/share/virtualenvs/app-x/bin/gunicorn
	app/.yarn/cache/react-npm-18.3.1-af38f3c1ae-10.zip
	app/node_modules/.pnpm/react@18.3.1/node_modules/react/index.js
	var/cache/fontconfig/abc-le64.cache-8
	var/lib/dpkg/status
	lib/apk/db/installed
	app/pkgs/core/main.py
	app/cache/pip.py
	usr/lib/python3/dist-packages/cachetools/__init__.py deb:python3-cachetools
	app/.venv/lib/python3.12/site-packages/cachecontrol/caches/file_cache.py
`}

var versionControlCases = cases{VersionControl, `
	app/.git/objects/pack/pack-3f2c.pack
	.git/HEAD
	srv/app/.gitignore
	srv/app/vendor/lib/.git
	app/.github/workflows/ci.yml
	app/.svn/wc.db
	app/.hg/store/00manifest.i
	app/.idea/workspace.xml
	app/.vscode/settings.json
	app/assets/.DS_Store
	app/.gitlab-ci.yml
	app/node_modules/qs/.github/FUNDING.yml
	app/.main.py.swp
`, `
	app/.env
	app/.env.production
	app/git/client.py
	app/github/__init__.py
	app/.github_app_key.pem
	app/.venv/lib/python3.12/site-packages/git/repo/base.py python:gitpython
	app/.venv/lib/python3.12/site-packages/hg/x.py
	app/idea/.ideas
	app/.well-known/security.txt
`}

var documentationCases = cases{Documentation, `
	usr/share/doc/coreutils/README.gz deb:coreutils
	usr/share/doc/nodejs/api/all.html deb:nodejs
	usr/share/man/man1/ls.1.gz deb:coreutils
	usr/share/man/de/man8/useradd.8.gz deb:passwd
	usr/share/info/sed.info.gz deb:sed
	usr/share/locale/de/LC_MESSAGES/coreutils.mo deb:coreutils
	usr/share/i18n/locales/de_DE deb:locales
	usr/lib/locale/de_DE.utf8/LC_CTYPE deb:locales-all
	usr/share/gtk-doc/html/glib/index.html
	usr/share/help/C/evince/index.page
	usr/local/share/man/man1/python3.12.1
	opt/conda/share/doc/xz/README
	app/.venv/share/man/man1/jsonschema.1
	usr/share/postgresql-common/readme deb:postgresql-doc
	usr/share/groff/1.22.4/font/devps/S deb:groff-base
	usr/share/locale/fr/LC_MESSAGES/curl.mo apk:curl-lang
	app/node_modules/express/README.md
	app/node_modules/express/History.md
	app/node_modules/@scope/kit/docs/intro.md
	app/node_modules/commander/CHANGELOG
`, `
	usr/share/doc/coreutils/copyright deb:coreutils
	usr/share/common-licenses/GPL-3 deb:base-files
	usr/share/licenses/musl/COPYRIGHT apk:musl
	opt/conda/share/doc/xz/COPYING.GPLv2
	app/node_modules/express/LICENSE
	app/.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/licenses/LICENSE.txt
	app/.venv/lib/python3.12/site-packages/numpy-2.1.0.dist-info/METADATA
	usr/lib/locale/C.utf8/LC_CTYPE deb:libc-bin
	usr/lib/locale/locale-archive
	usr/share/locale/locale.alias
	app/.venv/lib/python3.12/site-packages/django/conf/locale/de/LC_MESSAGES/django.mo
	usr/share/X11/locale/en_US.UTF-8/Compose
	usr/share/zoneinfo/Europe/Berlin deb:tzdata
	app/node_modules/exceljs/lib/doc/workbook.js
	app/node_modules/googleapis/build/src/apis/docs/v1.js
	app/node_modules/yaml/dist/doc/Document.js
	app/docs/openapi.json
	app/locale/de/LC_MESSAGES/app.mo
	opt/shop/share/locale/de/LC_MESSAGES/shop.mo
`}
