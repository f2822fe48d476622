#!/bin/sh
# The C tests that ThreadSanitizer runs, one source per line: those that start threads themselves or
# by a fixture of theirs, and those of code that is shared between threads. Both the build
# (scripts/checks.mk) and the run (tests/run.mjs) ask here.
cd "$(dirname "$0")/.." || exit 1
{
  grep -lE 'pthread_create|tsan|http_peer\.h' tests/unit/test_*.c tests/sql/test_*.c
  printf '%s\n' tests/unit/test_*.c | grep -E '/test_(bridge|inbox|queue|scribe|pool)'
} | sort -u
