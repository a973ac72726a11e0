# Cyclorama: every command installs by apt-get what is missing, then does its job.
# Needs a Debian 12 machine with Swift 6.3 and make.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help packages peers build demo test bench prove format clean

# One list of Debian packages. BUILD is needed by every command, PEERS by the tests that talk to
# GStreamer and FFmpeg, BENCH by the bench's peers, PROVE by the sessions of `make prove` only.
BUILD_PACKAGES := pkg-config libavformat-dev libavcodec-dev libavutil-dev libswscale-dev liblapack-dev \
  binutils
PEERS_PACKAGES := python3 python3-venv gstreamer1.0-tools gstreamer1.0-plugins-base \
  gstreamer1.0-plugins-good gstreamer1.0-plugins-bad ffmpeg
BENCH_PACKAGES := libegl1 libegl-mesa0 libgl1 libgl1-mesa-dri
PROVE_PACKAGES := qemu-system-x86 qemu-user busybox-static cpio kmod gcc libc6-dev iproute2 python3-numpy

SWIFT_FLAGS := -c release
CYCLORAMA := .build/release/cyclorama
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# $(call install,PACKAGES): asks apt-get only for what dpkg does not have.
define install
	@missing=""; for p in $(1); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing$$missing" >&2; \
	  $(SUDO) apt-get update -qq >&2; \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >&2; \
	fi
endef

help: ## what there is
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

packages:
	$(call install,$(BUILD_PACKAGES))

build: packages ## build the release binary
	@swift build $(SWIFT_FLAGS) --product cyclorama >&2

demo: build ## run the demo stage with a simulated tracker; DEMO_ARGS="--seconds 10"
	$(CYCLORAMA) demo $(DEMO_ARGS)

# The Python peers live in a virtual environment of the project's own.
.venv/ready: Tests/Peers/requirements.txt
	$(call install,$(PEERS_PACKAGES))
	@echo "installing the Python peers into .venv" >&2
	@python3 -m venv .venv >&2
	@.venv/bin/pip install --quiet --disable-pip-version-check \
	  -r Tests/Peers/requirements.txt >&2
	@touch .venv/ready

peers: .venv/ready

test: packages peers ## every fact, 20 minutes at most on 2 cores
	swift build $(SWIFT_FLAGS) --build-tests
	swift build $(SWIFT_FLAGS) --product cyclorama
	CYCLORAMA_PROBES=1 swift build $(SWIFT_FLAGS) --product allocation-probe
	.build/release/allocation-probe
	@bash -o pipefail -c 'swift test $(SWIFT_FLAGS) --skip-build 2>&1 | tee .build/test.log' || \
	  { echo "what failed, each test once (all of it: .build/test.log):"; \
	    grep -aE "✘ Test .* recorded an issue|error:" .build/test.log \
	    | awk -F "recorded an issue" '!seen[$$1]++' | cut -c 1-400 | head -40; exit 1; }

bench: build peers ## speed as ratios to peers in the same run; BENCH_ARGS=--json
	$(call install,$(BENCH_PACKAGES))
	@$(CYCLORAMA) bench $(BENCH_ARGS)

prove: build peers ## every bar, soak and peer session; writes PROOF.md; PROVE_ARGS="--only NAME"
	$(call install,$(BENCH_PACKAGES) $(PROVE_PACKAGES))
	@swift build $(SWIFT_FLAGS) --build-tests >&2
	@swift build $(SWIFT_FLAGS) --product cyclorama >&2
	python3 Tests/Peers/prove.py $(PROVE_ARGS)

format: ## swift format, in place
	swift format --in-place --recursive Package.swift Sources Calibration Tests

clean: ## remove what was built
	rm -rf .build .venv
