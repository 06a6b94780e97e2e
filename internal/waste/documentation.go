package waste

import "strings"

// Documentation leaves licences and copyright notices alone: whoever ships a
// program mostly has to ship them too, and Debian's own slim images keep them.
// Locales are kept where a program is lost without: C.UTF-8, and the archive that
// locale-gen wrote because someone chose a language.
var Documentation = &Category{
	Name:  "documentation",
	Title: "documentation, man pages and locales",
	Why:   "Nobody reads manuals in a container, and messages come in English when LANG is C.UTF-8; translations are needed by programs that run in another language.",
	Fix:   "On Debian put path-exclude lines for /usr/share/doc, man, info and locale into /etc/dpkg/dpkg.cfg.d before installing, with a path-include for copyright, or start from a slim image; on Alpine leave out the -doc and -lang packages.",
	matches: func(s *subject) bool {
		return (s.owner.is(system, manuals) || manualFolders.hold(s.Path) || isTranslation(s) || isModuleDoc(s)) && !isLicence(s)
	},
}

var manuals = named(`*-doc *-docs *-lang *-l10n manpages manpages-* man-pages man-pages-* man-db mandoc groff-base groff info install-info
	locales-all krb5-locales debian-faq doc-debian glibc-all-langpacks`)

var (
	licences       = named("copyright* licence* license* copying* notice* unlicense* eula* legal* third-party* thirdparty* third_party* patents* authors*")
	licenceFolders = below("licenses license legal /usr/share/common-licenses")
)

// isLicence asks for the name as people write it, with or without an ending.
func isLicence(s *subject) bool {
	return licences.have(strings.ToLower(s.base)) || licenceFolders.hold(s.Path)
}

var (
	manualFolders = below(`share/doc share/man share/info share/gtk-doc share/devhelp /usr/share/help /usr/share/doc-base /usr/share/omf
		/usr/local/man /usr/man /usr/doc /usr/X11R6/man /var/cache/man /usr/share/lintian /usr/share/bug /usr/share/linda`)
	translations = below(`/usr/share/locale /usr/share/i18n /usr/share/locale-langpack /usr/local/share/i18n /opt/conda/share/locale
		/usr/lib/locale /usr/share/cups/locale`)
)

func isTranslation(s *subject) bool {
	if !translations.hold(s.Path) {
		return false
	}
	rest, compiled := strings.CutPrefix(s.Path, "usr/lib/locale/")
	locale, _, deeper := strings.Cut(rest, "/")
	if compiled {
		return deeper && !strings.HasPrefix(locale, "C.") && locale != "C"
	}
	return s.base != "locale.alias" // a list that the C library reads for every LANG
}

var (
	moduleDocs = named("doc docs example examples man website")
	readme     = named("readme* changelog* changes* history* contributing*")
	prose      = named(".md .markdown .txt .rst")
)

// isModuleDoc looks at the first folder of an npm package alone: exceljs has code
// in lib/doc, and googleapis an API in build/src/apis/docs.
func isModuleDoc(s *subject) bool {
	if s.node == "" {
		return false
	}
	first, _, deeper := strings.Cut(s.inModule(), "/")
	if deeper {
		return moduleDocs.have(first)
	}
	return (s.ext == "" || prose.have(s.ext)) && readme.have(strings.ToLower(s.base))
}
