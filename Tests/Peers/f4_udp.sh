#!/bin/sh
# The stream recorded from a tracker, sent over UDP at its own rate and watched by us: packets
# refused, and the pan predicted a packet (40 ms) ahead against what then came.
#   f4_udp.sh CYCLORAMA STREAM
set -eu
here=$(cd "$(dirname "$0")" && pwd)
report=$(mktemp)
trap 'rm -f "$report"' EXIT
port=$((20000 + $$ % 20000))
# 1497 packets at 25 a second take 60 s.
"$1" track watch --port $port --seconds 63 --json >"$report" &
watch=$!
# The watch has to listen before the first packet comes.
until ss -uln | grep -q ":$port "; do kill -0 $watch; done
"$1" track replay "$2" --to "127.0.0.1:$port" --rate 25 >&2
wait $watch
python3 "$here/bars.py" tracker "$report"
