package waste

// Assets are what pages are built from. Sources beside their build (src/*.tsx,
// src/*.scss of the application) are not of it: whether dist is all that is
// served, a path does not tell. Nor is esbuild, with which tsx starts servers, nor
// what MJML minifies its letters with (clean-css, uglify-js).
var Assets = &Category{
	Name:  "assets",
	Title: "asset pipelines and source maps",
	Why:   "Bundlers, their caches, type declarations and source maps serve the build and the debugger, and a browser gets only what they made; servers that compile pages or styles on request, or that use source maps in their stack traces, need theirs.",
	Fix:   "Build in a stage of its own, copy the built folder and an install with npm ci --omit=dev, and switch source maps off for production or upload them to the error tracker and delete them.",
	matches: func(s *subject) bool {
		return s.owner.is(npm, npmBundlers) || assetFolders.hold(s.Path) || assetFiles.have(s.base) ||
			s.ext == ".map" && sourceMaps.have(s.base) ||
			s.node != "" && (declarations.have(s.base) || styles.have(s.ext))
	},
}

var npmBundlers = named(`webpack webpack-* @webpack-cli/* *-webpack-plugin babel-loader css-loader file-loader html-loader postcss-loader raw-loader
	sass-loader source-map-loader style-loader ts-loader url-loader vite @vitejs/* vite-plugin-* rollup rollup-* @rollup/*
	parcel @parcel/* @rspack/* gulp gulp-* grunt grunt-* browserify sass sass-embedded sass-embedded-* node-sass
	terser cssnano cssnano-* autoprefixer tailwindcss @tailwindcss/* postcss-cli postcss-import postcss-nested postcss-preset-env
	lightningcss lightningcss-* @babel/core @babel/cli @babel/preset-* @babel/plugin-* @babel/compat-data
	@angular/cli @angular-devkit/* @angular/compiler-cli turbo turbo-* lerna nx`)

var assetFolders = below(`node_modules/.cache node_modules/.vite node_modules/.vite-temp .next/cache .nuxt/cache .parcel-cache .turbo .angular/cache
	.webpack-cache .rollup.cache .rpt2_cache .sass-cache .docusaurus .svelte-kit/generated .cache/webpack .cache/turbo .nx/cache .swc/plugins`)

var (
	assetFiles = named("*.tsbuildinfo .eslintcache .stylelintcache")
	// sourceMaps are spelled out: .map is a file of fonts, of kernels and of games too.
	sourceMaps   = named("*.js.map *.mjs.map *.cjs.map *.jsx.map *.ts.map *.tsx.map *.mts.map *.cts.map *.css.map *.scss.map *.wasm.map")
	declarations = named("*.d.ts *.d.mts *.d.cts *.flow")
	styles       = named(".scss .sass .less .styl")
)
