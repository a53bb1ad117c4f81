# Targets for people; what is compiled and how stands in scripts/build.mk.

PORT     ?= 8080
RUN      ?= run
SANITIZE ?=

ifneq ($(words $(CURDIR)),1)
$(error 源码目录的路径含有空格，请移到没有空格的目录 (the path of the checkout \
holds a space, nginx cannot be built there: $(CURDIR)))
endif

export PORT RUN SANITIZE

JOBS  ?= $(shell nproc)
BUILD_WITH = $(MAKE) --no-print-directory -s -j$(JOBS) -f scripts/build.mk
SETUP = scripts/setup

.PHONY: help all core module govd ctl run start stop test test-unit test-http \
        test-browser test-fault test-fuzz test-valgrind test-crash \
        test-power bench bench-doc assets docs layers style clean

help:          ## this list
	@sed -n 's/^\([a-z][a-z-]*\):[^#]*## */\1\t/p' $(MAKEFILE_LIST) | expand -t 14

all:           ## library, programs and module
	@$(SETUP) build
	@$(BUILD_WITH) all

core:          ## build/libgov.a: every room that needs no nginx
	@$(SETUP) build
	@$(BUILD_WITH) core

govd:          ## build/govd, the daemon that writes
	@$(SETUP) build
	@$(BUILD_WITH) govd

ctl:           ## build/govctl, the command line
	@$(SETUP) build
	@$(BUILD_WITH) govctl

module:        ## build/ngx_http_gov_module.so
	@$(SETUP) build
	@$(BUILD_WITH) module

# On a terminal the platform gets a process group of its own: Ctrl-C reaches it
# and not make, which then ends with its exit code, 0.

run:           ## the demo city in the foreground, Ctrl-C ends it (PORT, RUN)
	@$(SETUP) build
	@$(BUILD_WITH) all
	@if [ -t 0 ]; then exec bash -mc 'scripts/platform run'; \
	else exec scripts/platform run; fi

start:         ## the same in the background
	@$(SETUP) build
	@$(BUILD_WITH) all
	@scripts/platform start

stop:          ## ends what start began
	@scripts/platform stop

test:          ## every test; ends with "N passed, N failed"
	@$(SETUP) build test
	@scripts/npm
	@node tests/run.mjs

test-unit:     ## the C library's own tests (tests/unit)
	@$(SETUP) build test
	@node tests/run.mjs unit

test-http:     ## tests against a real nginx and govd (tests/http)
	@$(SETUP) build test
	@scripts/npm
	@node tests/run.mjs http

test-browser:  ## the same in Chromium; MANUAL=1 pictures the manual anew
	@$(SETUP) build test
	@scripts/npm
	@node tests/run.mjs browser

test-fuzz:     ## foreign bytes, and clang's libFuzzer (FUZZ_SECONDS=3 each)
	@$(SETUP) build test
	@node tests/run.mjs fuzz

test-valgrind: ## unit tests and govlook under valgrind's memcheck; slow
	@$(SETUP) build test
	@$(BUILD_WITH) units govlook TEST_CLOCK=1
	@tests/valgrind.sh build-test/unit; units=$$?; \
	    node tests/valgrind_look.mjs build-test && exit $$units

test-fault:    ## every command with the n-th store call failing (tests/fault)
	@$(SETUP) build test
	@scripts/npm
	@node tests/run.mjs fault

test-crash:    ## kills, reloads, upgrades under load (KILLS=300 RELOADS=20)
	@$(SETUP) build test
	@scripts/npm
	@node tests/run.mjs crash

test-power:    ## the store after power cuts (root, loop device; POWER=5 cuts)
	@$(SETUP) build test
	@scripts/npm
	@POWER=$${POWER:-5} node tests/run.mjs tests/crash/power.test.mjs

layers:        ## the include rules of ngx_gov_module/rooms
	@tests/house/layers.sh

style:         ## columns, tabs, comments, words
	@tests/house/style.sh

bench:         ## platform and peers, a line a figure (ONLY SKIP PEERS ROUNDS)
	@$(SETUP) build bench $(if $(PEERS),peers)
	@$(BUILD_WITH) all
	@tests/bench/run

bench-doc:     ## docs/benchmarks.md from what make bench measured last
	@node tests/bench/report.mjs

assets:        ## styles and scripts from npm's lock file into the project
	@$(SETUP) build test
	@scripts/npm
	@node scripts/assets.mjs

docs:          ## docs/commands.md and openapi.json from the lists
	@$(SETUP) build
	@$(BUILD_WITH) govd
	@build/govd --commands-md >docs/commands.md
	@build/govd --openapi >docs/openapi.json

clean:         ## removes what was built (never the data folder)
	@rm -rf build build-test build-asan build-test-asan build-fuzz
