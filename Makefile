# Weft: a thin front for tools/ and Meson. `make help` lists what can be made.
LIBRARY ?=
FILES ?=
PREFIX ?= /usr/local
.DEFAULT_GOAL := build
.PHONY: help build run test test-asan test-tsan gcc conformance bench fuzz format install clean deps library

help:                   ## this list
	@sed -n 's/^\([a-z-]*\):.*##/  make \1\t/p' Makefile | expand -t 22

deps:
	@tools/install-deps

library: deps
	@tools/get-library $(if $(LIBRARY),--from "$(LIBRARY)")

build: deps             ## the interpreter, build/weft (release; this is the default)
	@tools/build build

run: build library      ## build everything and run the demonstration
	@build/weft examples/parallel.py

test:                   ## every test, on a checking build and on the release build
	@LIBRARY="$(LIBRARY)" bash .ci/run

test-asan: library      ## every test under AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/build build-asan -Dbuildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false
	@python3 tests/run.py --unit build-asan --on asan=build-asan/weft

test-tsan: library      ## every test under ThreadSanitizer
	@tools/build build-tsan -Dbuildtype=debugoptimized -Db_sanitize=thread -Db_lundef=false
	@python3 tests/run.py --unit build-tsan --on tsan=build-tsan/weft

gcc: library            ## build with gcc (computed goto instead of tail calls) and test that
	@CC=gcc tools/build build-gcc -Dbuildtype=release
	@python3 tests/run.py --unit build-gcc --on gcc=build-gcc/weft

conformance: build      ## CPython's own test suite, file by file [FILES="test_dict test_list"]
	@tools/get-library --tests $(if $(LIBRARY),--from "$(LIBRARY)")
	@python3 tests/conformance/run.py $(FILES)

bench: build library    ## time against CPython 3.14 [FILES="nbody fib"]
	@python3 bench/run.py $(FILES)

fuzz: library           ## random programs, then damaged regular expressions, against the checking build
	@tools/build build-debug -Dbuildtype=debugoptimized
	@python3 tests/fuzz/run.py --seconds 60 build-debug/weft
	@cd build-debug && ./weft ../tests/fuzz/regex_code.py 30

format:                 ## format the C sources
	@tools/install-deps clang-format-19
	@tools/format

install: build library  ## install under PREFIX (/usr/local); what is installed can be moved
	@tools/install "$(DESTDIR)$(PREFIX)"

clean:                  ## remove what was built and fetched
	rm -rf build build-* library .library.*
