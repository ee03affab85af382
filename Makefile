# Every target but help sets the machine up first, which does nothing where all is there.
SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# Extra options of swift build and swift test, such as --jobs 2.
BUILD_OPTIONS ?=
# Options of fovea demo, such as --json.
DEMO_OPTIONS ?=
# Options of swift test, such as --filter FoveaMetricsTests.
TEST_OPTIONS ?=
# Options of the fuzzer, such as --kind png; FUZZ_COUNT says how many mutants of each kind.
FUZZ_OPTIONS ?=

export SWIFT BUILD_OPTIONS

.DEFAULT_GOAL := help
.PHONY: help setup build demo test fuzz lint format sentences check install dist clean

help: ## Say what the targets do.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Install the Debian packages that are missing.
	@Scripts/setup.sh

build: setup ## Build the command in release: .build/release/fovea.
	$(SWIFT) build -c release --product fovea $(BUILD_OPTIONS)

demo: build ## Two comparisons on made scenes, a hard and an easy one, into runs/demo.
	.build/release/fovea demo --output runs/demo --overwrite $(DEMO_OPTIONS)

# Without testable imports the tests share every compiled module with the command. Tests run several
# commands at once; threads that wait asleep rather than spinning leave the processors to the others.
test: export OMP_WAIT_POLICY ?= passive
test: setup ## Build in release and run all tests.
	$(SWIFT) build -c release --build-tests $(BUILD_OPTIONS)
	$(SWIFT) test -c release --skip-build --disable-testable-imports $(TEST_OPTIONS)

fuzz: build ## Read 20,000 damaged files of every kind.
	$(SWIFT) build -c release --product FoveaFuzz $(BUILD_OPTIONS)
	.build/release/FoveaFuzz $(FUZZ_OPTIONS)

lint: ## Look for what is not formatted.
	@Scripts/lint.sh

format: ## Format the Swift and C sources.
	@Scripts/lint.sh --fix

sentences: ## Write down every sentence that the terminal and reports can print: docs/sentences.md.
	@Scripts/sentences.sh

check: setup lint ## Lint, and build with warnings and undeclared imports as errors.
	FOVEA_WARNINGS_AS_ERRORS=1 $(SWIFT) build --build-tests --scratch-path .build-check \
	  --explicit-target-dependency-import-check error $(BUILD_OPTIONS)

install: build ## Install the command: make install PREFIX=/usr/local.
	install -D -m 755 .build/release/fovea "$(DESTDIR)$(PREFIX)/bin/fovea"

dist: setup ## Make dist/fovea-….tar.gz, which needs no Swift toolchain.
	@Scripts/dist.sh

clean: ## Remove everything that was built; runs stay.
	rm -rf .build .build-check .build-dist .build-outside dist
