# The doors of the house for whoever runs or builds it. `make` alone lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DEMO ?= 1

V := .venv
PY := $(V)/bin/python
# Absolute, because child processes may stand in another folder.
export PYTHONPATH := $(CURDIR)/site
export HOST PORT DEMO
export PIP_DISABLE_PIP_VERSION_CHECK := 1

DJANGO_TEST := $(PY) -m pytest
SIDE_BY_SIDE := -n auto --dist worksteal
COMPILE := $(V)/bin/pip-compile -q --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

# What says of itself that it is pure, as tests/test_house.py reads it.
PURE = $(shell grep -rlwE "Pure|nothing of Django" --include=*.py content learning members media site/config)

.PHONY: help run test test-postgres test-browser lint bench shots system messages requirements python

help:
	@echo "make run            准备并运行，首次启动带演示内容   set everything up and serve (HOST, PORT, DEMO=0)"
	@echo "make test           测试（SQLite，不需要浏览器）    tests on SQLite, no browser needed"
	@echo "make test-postgres  在 PostgreSQL 上测试            the same on a private PostgreSQL"
	@echo "make test-browser   在 Chromium 里测试              journeys and axe in Chromium"
	@echo "make lint           检查代码、分层、迁移、译文      ruff, layers, migrations, translations"
	@echo "make bench          性能                            measurements, also to var/bench.jsonl"
	@echo "make shots          截图                            pictures of the running site"
	@echo "make messages       合并并编译译文                  merge and compile the translations"
	@echo "make requirements   重新编译依赖清单                compile the lists of requirements again"
	@echo "make system         用 apt 安装系统软件             ffmpeg, Chromium, PostgreSQL, Redis, fonts"

run: $(V)/.installed
	@$(PY) manage.py serve

test: $(V)/.installed-dev
	$(DJANGO_TEST) $(SIDE_BY_SIDE) $(TESTS)

test-postgres: $(V)/.installed-dev
	$(PY) -m tests.postgres $(SIDE_BY_SIDE) $(TESTS)

test-browser: $(V)/.installed-dev
	DJANGO_ALLOW_ASYNC_UNSAFE=1 $(DJANGO_TEST) -o addopts="-ra --strict-markers" $(or $(TESTS),tests/browser)

lint: $(V)/.installed-dev
	$(V)/bin/ruff check .
	$(V)/bin/lint-imports
	$(V)/bin/mypy $(PURE)
	$(PY) manage.py makemigrations --check --dry-run --settings config.settings.test
	$(PY) manage.py messages --check --settings config.settings.test

bench: $(V)/.installed-dev
	$(PY) -m tests.bench

shots: $(V)/.installed-dev
	$(PY) -m tests.shots

messages: $(V)/.installed-dev
	$(PY) manage.py messages --settings config.settings.test

# On the oldest Python the house promises: what is compiled on a newer one may not install on Debian's.
requirements: $(V)/.installed-dev
	CUSTOM_COMPILE_COMMAND="make requirements" $(COMPILE) -o requirements.txt requirements.in
	CUSTOM_COMPILE_COMMAND="make requirements" $(COMPILE) -o requirements-dev.txt requirements-dev.in

system:
	sh deploy/system.sh

# --- the virtual environment --------------------------------------------------
# Made without pip, because Debian and Ubuntu leave ensurepip to python3-venv; the pip outside fills it.
python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "没有找到 $(PYTHON)。请先安装：apt install python3 python3-pip，或者写明：make run PYTHON=python3.11"; \
	  echo "$(PYTHON) was not found. Install it (apt install python3 python3-pip) or name it: make run PYTHON=python3.11"; \
	  exit 1; } >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "这里的 Python 太旧（$$($(PYTHON) --version 2>&1)），要 3.11 或更新的。若已另外装好，请写明：make run PYTHON=python3.11"; \
	  echo "This Python is too old ($$($(PYTHON) --version 2>&1)); 3.11 or newer is needed. If there is one, name it: make run PYTHON=python3.11"; \
	  exit 1; } >&2

$(PY): | python
	@$(PYTHON) -m config.machine install $(if $(filter run,$(MAKECMDGOALS)),serve)
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	  echo "这里的 Python 没有 pip。请先安装：apt install python3-pip"; \
	  echo "This Python has no pip. Install it first: apt install python3-pip"; \
	  exit 1; } >&2
	@echo "正在建立虚拟环境 Making the virtual environment: $(V)"
	@$(PYTHON) -m venv --without-pip $(V)

$(V)/.installed: requirements.txt | $(PY)
	@sh deploy/install.sh "$(PYTHON)" $(PY) requirements.txt
	@touch $@

$(V)/.installed-dev: requirements-dev.txt $(V)/.installed
	@sh deploy/install.sh "$(PYTHON)" $(PY) requirements-dev.txt
	@touch $@
