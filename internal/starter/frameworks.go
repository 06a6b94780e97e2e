package starter

import "regexp"

// framework is one by which services answer requests.
type framework struct {
	name   string
	port   int    // where it listens unless it is told otherwise; 0 where it has no default
	health string // the path that it answers by itself; empty where it has none

	image *regexp.Regexp // of base images and commands that are it; nil for none
	runs  *regexp.Regexp // of commands that run its language; nil for a binary of any name
	files *regexp.Regexp // names of the files that it is told by, and whose routes are read
	mark  *regexp.Regexp // a line of such a file
	route *regexp.Regexp // a route there; the first group that matched is its path
}

// The files and commands of each language.
var (
	pythonFiles  = regexp.MustCompile(`\.py$`)
	pythonRuns   = regexp.MustCompile(`\b(python[0-9.]*|uvicorn|gunicorn|hypercorn|granian|flask|fastapi|uv|poetry|daphne|waitress-serve|litserve)\b`)
	nodeFiles    = regexp.MustCompile(`^package\.json$|\.[cm]?[jt]s$`)
	nodeRuns     = regexp.MustCompile(`\b(node|nodejs|npm|npx|yarn|pnpm|bun|deno|tsx|ts-node|pm2)\b`)
	goFiles      = regexp.MustCompile(`\.go$`)
	javaFiles    = regexp.MustCompile(`^(pom\.xml|build\.gradle(\.kts)?)$|\.(java|kt)$`)
	javaRuns     = regexp.MustCompile(`\bjava\b`)
	rubyFiles    = regexp.MustCompile(`^(Gemfile|routes\.rb)$`)
	rubyRuns     = regexp.MustCompile(`\b(rails|ruby|puma|bundle|rackup|thrust)\b`)
	dotnetFiles  = regexp.MustCompile(`\.(csproj|cs)$`)
	dotnetRuns   = regexp.MustCompile(`\bdotnet\b`)
	rustFiles    = regexp.MustCompile(`^Cargo\.toml$|\.rs$`)
	handledInGo  = regexp.MustCompile(`\.(?:HandleFunc|Handle|GET|Get|HandlerFunc)\(\s*"(?:GET )?(/[^"\s]*)"`)
	routedInNode = regexp.MustCompile("\\.(?:get|all|use|route)\\(\\s*(?:\\{[^}]*url:\\s*)?[\"'`](/[^\"'`]*)[\"'`]|\\burl:\\s*[\"'`](/[^\"'`]*)[\"'`]")
)

// frameworks is every one that is known. Of two that a repository has, equally well
// told, the first here counts: one that is built on another stands before it.
var frameworks = []framework{
	{
		name: "vLLM", port: 8000, health: "/health",
		image: regexp.MustCompile(`\bvllm/vllm|\bvllm serve\b|vllm\.entrypoints\.(openai\.)?api_server`),
	}, {
		name: "Text Generation Inference", port: 80, health: "/health",
		image: regexp.MustCompile(`huggingface/text-(generation|embeddings)-inference|\btext-(generation-launcher|embeddings-router)\b`),
	}, {
		name: "Triton", port: 8000, health: "/v2/health/ready",
		image: regexp.MustCompile(`\btritonserver\b`),
	}, {
		name: "llama.cpp", port: 8080, health: "/health",
		image: regexp.MustCompile(`\bllama-server\b|llama\.cpp:server`),
	}, {
		name: "Ollama", port: 11434, health: "/",
		image: regexp.MustCompile(`\bollama/ollama\b|\bollama serve\b`),
	}, {
		name: "nginx (unprivileged)", port: 8080, health: "/",
		image: regexp.MustCompile(`\bnginx-unprivileged\b`),
	}, {
		name: "nginx", port: 80, health: "/",
		image: regexp.MustCompile(`(^|/)nginx(:|@| |$)`),
	}, {
		name: "Streamlit", port: 8501, health: "/_stcore/health",
		image: regexp.MustCompile(`\bstreamlit run\b`), runs: pythonRuns, files: pythonFiles,
		mark: regexp.MustCompile(`^\s*(import streamlit|from streamlit)\b`),
	}, {
		name: "FastAPI", port: 8000, runs: pythonRuns, files: pythonFiles,
		image: regexp.MustCompile(`\bfastapi (run|dev)\b`),
		mark:  regexp.MustCompile(`^\s*(from fastapi|import fastapi)\b`),
		route: regexp.MustCompile(`@\w+\.(?:get|api_route|head)\(\s*["']([^"']+)|\.add_api_route\(\s*["']([^"']+)`),
	}, {
		name: "Starlette", port: 8000, runs: pythonRuns, files: pythonFiles,
		mark:  regexp.MustCompile(`^\s*from starlette\b`),
		route: regexp.MustCompile(`\bRoute\(\s*["']([^"']+)|@\w+\.route\(\s*["']([^"']+)`),
	}, {
		name: "Django", port: 8000, runs: pythonRuns, files: pythonFiles,
		image: regexp.MustCompile(`manage\.py runserver`),
		mark:  regexp.MustCompile(`^\s*(from django|import django)\b`),
		route: regexp.MustCompile(`\b(?:path|re_path|url)\(\s*r?["']([^"']+)`),
	}, {
		name: "Flask", port: 5000, runs: pythonRuns, files: pythonFiles,
		image: regexp.MustCompile(`\bflask (--app\S* \S* ?)?run\b`),
		mark:  regexp.MustCompile(`^\s*(from flask|import flask)\b`),
		route: regexp.MustCompile(`@\w+\.(?:route|get)\(\s*["']([^"']+)|\.add_url_rule\(\s*["']([^"']+)`),
	}, {
		name: "aiohttp", port: 8080, runs: pythonRuns, files: pythonFiles,
		mark:  regexp.MustCompile(`^\s*(from aiohttp import .*\bweb\b|import aiohttp\.web\b|from aiohttp\.web\b)`),
		route: regexp.MustCompile(`\bweb\.get\(\s*["']([^"']+)|\.add_get\(\s*["']([^"']+)|\.add_route\(\s*["']GET["'],\s*["']([^"']+)|@\w+\.get\(\s*["']([^"']+)`),
	}, {
		name: "Gradio", port: 7860, health: "/", runs: pythonRuns, files: pythonFiles,
		mark: regexp.MustCompile(`^\s*(import gradio|from gradio)\b`),
	}, {
		name: "Nest", port: 3000, runs: nodeRuns, files: nodeFiles,
		mark:  regexp.MustCompile(`"@nestjs/core"\s*:|from ["']@nestjs/core["']`),
		route: regexp.MustCompile("@(?:Controller|Get)\\(\\s*[\"'`]([^\"'`]+)"),
	}, {
		name: "Fastify", port: 3000, runs: nodeRuns, files: nodeFiles,
		mark:  regexp.MustCompile(`"fastify"\s*:|require\(["']fastify["']\)|from ["']fastify["']`),
		route: routedInNode,
	}, {
		name: "Express", port: 3000, runs: nodeRuns, files: nodeFiles,
		mark:  regexp.MustCompile(`"express"\s*:|require\(["']express["']\)|from ["']express["']`),
		route: routedInNode,
	}, {
		name: "Spring Boot", port: 8080, health: "/actuator/health", runs: javaRuns, files: javaFiles,
		mark:  regexp.MustCompile(`spring-boot-starter-actuator`),
		route: regexp.MustCompile(`@(?:Get|Request)Mapping\(\s*(?:(?:value|path)\s*=\s*)?"([^"]+)"`),
	}, {
		name: "Spring Boot (no actuator)", port: 8080, runs: javaRuns, files: javaFiles,
		mark:  regexp.MustCompile(`spring-boot-starter|org\.springframework\.boot`),
		route: regexp.MustCompile(`@(?:Get|Request)Mapping\(\s*(?:(?:value|path)\s*=\s*)?"([^"]+)"`),
	}, {
		name: "Rails", port: 3000, health: "/up", runs: rubyRuns, files: rubyFiles,
		mark:  regexp.MustCompile(`^\s*gem ["']rails["']|Rails\.application\.routes`),
		route: regexp.MustCompile(`^\s*get\(?\s+["']([^"']+)`),
	}, {
		name: "ASP.NET Core", port: 8080, runs: dotnetRuns, files: dotnetFiles,
		mark:  regexp.MustCompile(`Microsoft\.NET\.Sdk\.Web|WebApplication\.Create(Slim)?Builder`),
		route: regexp.MustCompile(`\.Map(?:HealthChecks|Get)\(\s*"([^"]+)"`),
	}, {
		name: "axum", port: 3000, files: rustFiles,
		mark:  regexp.MustCompile(`^\s*axum\s*=|^\s*use axum\b`),
		route: regexp.MustCompile(`\.route\(\s*"([^"]+)"`),
	}, {
		name: "Actix", port: 8080, files: rustFiles,
		mark:  regexp.MustCompile(`^\s*actix-web\s*=|^\s*use actix_web\b`),
		route: regexp.MustCompile(`#\[get\("([^"]+)"|\.(?:route|resource)\(\s*"([^"]+)"`),
	}, {
		name: "Gin", port: 8080, files: goFiles, mark: regexp.MustCompile(`"github\.com/gin-gonic/gin"`), route: handledInGo,
	}, {
		name: "Echo", files: goFiles, mark: regexp.MustCompile(`"github\.com/labstack/echo`), route: handledInGo,
	}, {
		name: "Fiber", port: 3000, files: goFiles, mark: regexp.MustCompile(`"github\.com/gofiber/fiber`), route: handledInGo,
	}, {
		name: "net/http", files: goFiles,
		mark:  regexp.MustCompile(`\.ListenAndServe(TLS)?\(|\bhttp\.Serve\(|\bhttp\.Server\{`),
		route: regexp.MustCompile(`\.(?:HandleFunc|Handle|Get)\(\s*"(?:GET )?(/[^"\s]*)"`),
	},
}
