# make chat: everything from a fresh machine to the page at http://127.0.0.1:7860
# make test: the same set-up, then linters, types and all tests
# What is done is not done again: .venv/installed is newer than what it was made from.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: chat test lint check setup index screenshot clean

chat: setup
	$(BIN)/article-qa index corpus
	$(BIN)/article-qa chat

test: lint check

setup: $(VENV)/installed $(VENV)/weights

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(VENV)/developed $(VENV)/weights
	$(BIN)/pytest

screenshot: $(VENV)/developed $(VENV)/weights
	ARTICLE_QA_SCREENSHOT=docs/page.png $(BIN)/pytest tests/ui/test_app.py -k screenshot

$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/developed: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

$(VENV)/weights: $(VENV)/installed index/weights.py
	$(BIN)/python -m index.weights
	touch $@

clean:
	rm -rf $(VENV) .article-qa
