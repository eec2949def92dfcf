# Everything a person types. Each target sets up what it needs first: see deploy/prepare.
PORT ?= 8000
RESET ?=
N ?= 200
SEED ?= 1
UV ?= uv
BIN := .venv/bin

.PHONY: demo test torture check bench messages lock
.DEFAULT_GOAL := demo

demo: ## Serve a ready-made examination on 127.0.0.1:$(PORT); RESET=1 starts from an empty database. Ctrl-C ends it.
	@deploy/prepare run
	@exec $(BIN)/examsrv demo --port $(PORT) $(if $(filter-out 0,$(RESET)),--reset)

test: ## Every test there is, with PostgreSQL and Chromium.
	@deploy/prepare test
	@$(BIN)/pytest $(ARGS)

torture: ## Kill the server N=200 times under load, and PostgreSQL; cut the power, fill and spoil its disk, step its clock, hold it still; SEED=1 is the first seed.
	@deploy/prepare test
	@$(BIN)/pytest tests/faults --kills $(N) --seed $(SEED) $(ARGS)

check: ## Lint, format, types, import contracts, templates, translations, JavaScript.
	@deploy/prepare check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet blueprints examsrv/exports/templates
	$(BIN)/python -m tests.architecture.translations
	node_modules/@biomejs/cli-linux-*/biome ci --colors=off --error-on-warnings static/js

bench: ## Measure the hot paths on this machine, about an hour: needs a C compiler, and a machine that does nothing else. ARGS="--help" tells more.
	@deploy/prepare test
	@$(BIN)/python -m tests.bench --output var/bench.md $(ARGS)

messages: ## Bring the Chinese catalogue to the sentences of the code and print what waits for its translation; FROM=more.po fills from other files.
	@deploy/prepare run
	@$(BIN)/python -m tests.architecture.translations update $(FROM)

lock: ## Renew the locked requirements. Needs uv ("pip install uv"); the same versions for Python 3.11 to 3.14, so that a seed draws the same forms on all.
	$(UV) pip compile -q --upgrade --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --custom-compile-command "make lock" \
	  --output-file deploy/requirements.txt pyproject.toml deploy/requirements-build.in
	$(UV) pip compile -q --upgrade --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --custom-compile-command "make lock" \
	  --constraints deploy/requirements.txt --group dev --output-file deploy/requirements-dev.txt pyproject.toml deploy/requirements-build.in
