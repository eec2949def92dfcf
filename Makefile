# Everything a person types. Each target sets up what it needs first: see deploy/prepare.
PORT ?= 8000
RESET ?=
UV ?= uv
BIN := .venv/bin

.PHONY: demo test check messages lock
.DEFAULT_GOAL := demo

demo: ## Serve a ready-made examination on 127.0.0.1:$(PORT); RESET=1 starts from an empty database. Ctrl-C ends it.
	@deploy/prepare run
	@exec $(BIN)/examsrv demo --port $(PORT) $(if $(filter-out 0,$(RESET)),--reset)

test: ## Every test there is, with PostgreSQL and Chromium.
	@deploy/prepare test
	@$(BIN)/pytest $(ARGS)

check: ## Lint, format, types, import contracts, templates, translations, JavaScript.
	@deploy/prepare check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet blueprints
	$(BIN)/python -m tests.architecture.translations
	PATH="$(CURDIR)/$(BIN):$$PATH" node_modules/.bin/biome ci --error-on-warnings static/js

messages: ## Gather the sentences of the code into the catalogues; what is new or changed then waits for its translation.
	@deploy/prepare check
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --keywords N_ --keywords lazy_ngettext:1,2 --no-location --sort-output \
	  --omit-header --output-file var/messages.pot .
	$(BIN)/pybabel -q update --input-file var/messages.pot --output-dir examsrv/translations --no-fuzzy-matching --ignore-obsolete --omit-header

lock: ## Renew the locked requirements. Needs uv ("pip install uv"); the same versions for Python 3.11 to 3.14, so that a seed draws the same forms on all.
	$(UV) pip compile -q --upgrade --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --custom-compile-command "make lock" \
	  --output-file deploy/requirements.txt pyproject.toml deploy/requirements-build.in
	$(UV) pip compile -q --upgrade --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --custom-compile-command "make lock" \
	  --constraints deploy/requirements.txt --group dev --output-file deploy/requirements-dev.txt pyproject.toml deploy/requirements-build.in
