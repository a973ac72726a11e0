#!/usr/bin/env bash
# Runs every bar and peer session and writes PROOF.md, one line each. Resumable: a session that has
# passed on this commit is not run again (results lie in .proof/<commit>).
# Use: make prove     or one session: Tests/Peers/prove.sh NAME
set -uo pipefail
cd "$(dirname "$0")/../.."
here=Tests/Peers
binary=.build/release/cyclorama
tools=${CYCLORAMA_TEST_TOOLS:-../shared/tools}
data=${CYCLORAMA_TEST_DATA:-../shared/data}
commit=$(git rev-parse --short HEAD)
[ -z "$(git status --porcelain)" ] || commit=$commit-modified
store=.proof/$commit
mkdir -p "$store"

# session NAME TITLE COMMAND…: runs once, keeps the output, remembers the verdict.
session() {
  local name=$1 title=$2
  shift 2
  [ -z "${only:-}" ] || [ "$only" = "$name" ] || return 0
  if [ -f "$store/$name.pass" ]; then return 0; fi
  echo "== $title" >&2
  if "$@" > "$store/$name.out" 2> "$store/$name.err"; then
    touch "$store/$name.pass"; rm -f "$store/$name.fail"
  else
    touch "$store/$name.fail"
    tail -5 "$store/$name.err" >&2
  fi
  echo "$title" > "$store/$name.title"
}

twin() { # STAGE EXTRA…: the bars of the simulated camera
  local stage=$1; shift
  "$binary" twin "stage-configs/$stage/stage.yaml" --json "$@" | python3 "$here/bars.py" twin
}

only=${1:-}
for stage in demo volume flat; do
  session "twin-$stage" "twin $stage, moving: registration p99 ≤ 0.5 px, coverage ≥ 0.98, seam ≤ 0.25 px, ΔE_ITP mean ≤ 1, p99 ≤ 2" twin "$stage"
  session "twin-$stage-rest" "twin $stage, at rest: the same bars" twin "$stage" --move rest
done
session bench "bench: the full path ≤ 1.5 × OpenCV remap 8UC3, one thread, 1920×1080" \
  bash -c "$binary bench --json | python3 $here/bars.py bench"
session meshes "bench --meshes: 400,000 triangles ≤ 0.8 × llvmpipe's CPU time at 4 samples a pixel" \
  bash -c "$binary bench --meshes --json --rounds 7 | python3 $here/bars.py meshes"
session allocations "allocation probe: 10,000 frames, 0 allocations on loop and workers" \
  bash -c "CYCLORAMA_PROBES=1 swift build -c release --product allocation-probe >&2 &&
    .build/release/allocation-probe"
session lateness "run on demo, 60 fps, 5 × 60 s: 0 frames late by our own work, p99 ≤ 0.7 period" \
  python3 "$here/lateness.py" "$binary" "$tools" "$data"
session st2110 "ST 2110-20 by GStreamer, FFmpeg and the strict receiver, byte for byte" \
  "$here/rtp_matrix.sh" "$binary"
session framebuffer "/dev/fb0 in QEMU, screendump exact to the pixel" \
  "$here/qemu_framebuffer.sh" .proof/qemu

[ -z "$only" ] || exit 0
{
  echo "# Proof"
  echo
  echo "Written by \`make prove\` at commit $commit on $(nproc) cores of" \
    "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(date -u +%F)."
  echo
  echo "| session | verdict | figures |"
  echo "|---|---|---|"
  for title in "$store"/*.title; do
    name=$(basename "$title" .title)
    verdict=failed; [ -f "$store/$name.pass" ] && verdict=holds
    echo "| $(cat "$title") | $verdict | $(tail -1 "$store/$name.out" | cut -c1-240) |"
  done
} > PROOF.md
cat PROOF.md
! ls "$store"/*.fail > /dev/null 2>&1
