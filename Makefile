# make chat: everything from a fresh machine to the page at http://127.0.0.1:7860
# make test: the same set-up, then linters, types and all tests
# What is done is not done again: .venv/installed is newer than what it was made from.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Who writes answers: local (1.1 GB to download), none, ollama/NAME, or openai/NAME with ARTICLE_QA_LLM_URL.
LLM ?= local

QUICK := tests/index/text tests/index/reading tests/index/store tests/index/building/test_folder.py \
	tests/qa/check tests/ui/test_render.py --ignore=tests/index/store/test_vectors.py

.PHONY: chat llm test quick lint check check-llm setup screenshots messages clean

chat: setup $(if $(filter local,$(LLM)),llm)
	$(BIN)/article-qa index corpus
	$(BIN)/article-qa chat --llm $(LLM)

# Without the model the page runs with quotes, and says why.
llm: setup
	@$(MAKE) --no-print-directory $(VENV)/local-llm || \
		echo "article-qa: the local language model is not available; the page shows quotes only"

test: lint check

setup: $(VENV)/installed $(VENV)/weights

# The tests that need no model. On another Python: make quick PYTHON=python3.13 VENV=.venv-3.13
quick: $(VENV)/developed
	$(BIN)/pytest $(QUICK)

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(VENV)/developed $(VENV)/weights
	$(BIN)/pytest -n 2 --dist loadfile

check-llm: $(VENV)/developed $(VENV)/weights $(VENV)/local-llm
	$(BIN)/pytest -m local_llm

# The pictures of the page in README and docs.
screenshots: $(VENV)/developed $(VENV)/weights
	$(BIN)/python -m bench.screenshots

# Brings the page's catalogues up to date with the code. Then translate what is empty; a test finds it.
messages: $(VENV)/developed
	$(BIN)/python -m tests.ui.catalogues

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/developed: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

$(VENV)/weights: $(VENV)/installed index/model/bundled.py
	$(BIN)/python -m index.model.bundled
	touch $@

$(VENV)/local-llm: $(VENV)/installed qa/llm/local_file.py
	@echo "article-qa: the local language model is 1.1 GB to download and takes 2.3 GB of disk;"
	@echo "            make chat LLM=none does without"
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[local-llm]"
	$(BIN)/python -c 'from qa.llm.local_file import main; main()'
	touch $@

clean:
	rm -rf $(VENV) .article-qa
