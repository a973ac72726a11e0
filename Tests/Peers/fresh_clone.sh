#!/bin/sh
# A fresh clone of the last commit, and in it what a person would do first.
#   fresh_clone.sh demo     make demo, ten seconds of it
#   fresh_clone.sh test     make test, 20 minutes at most, build included
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
data=${CYCLORAMA_TEST_DATA:-$root/../shared/data}
tools=${CYCLORAMA_TEST_TOOLS:-$root/../shared/tools}
export CYCLORAMA_TEST_DATA="$data" CYCLORAMA_TEST_TOOLS="$tools"
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone --quiet "$root" "$clone/cyclorama"
cd "$clone/cyclorama"
start=$(date +%s)
case $1 in
demo)
    make demo DEMO_ARGS="--seconds 10" >"$clone/log" 2>&1 || { cat "$clone/log" >&2; exit 1; }
    pictures=$(find demo-output -name '*.png' | wc -l)
    echo "built and shown in $(($(date +%s) - start)) s, $pictures pictures"
    [ "$pictures" -ge 2 ]
    ;;
test)
    make test >"$clone/log" 2>&1 || { tail -60 "$clone/log" >&2; exit 1; }
    seconds=$(($(date +%s) - start))
    echo "$(grep -o 'Test run with [0-9]* tests.*passed' "$clone/log" | tail -1)," \
        "$seconds s with the build (<= 1200) on $(nproc) cores"
    [ "$seconds" -le 1200 ]
    ;;
esac
