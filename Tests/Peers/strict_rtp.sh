#!/bin/sh
# A strict ST 2110-20 receiver takes our stream: no rule broken, every octet exact.
#   strict_rtp.sh CYCLORAMA FORMAT WIDTH HEIGHT PICTURE [more arguments of `cyclorama pattern`]
# FORMAT: rgb8, rgb10, rgb12, 422-8 or 422-10. The receiver is st2110_recv.py of the test tools.
set -eu
cyclorama=$1 format=$2 width=$3 height=$4 picture=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
tools=${CYCLORAMA_TEST_TOOLS:-$here/../../../shared/tools}
work=$(mktemp -d)
port=$((20000 + $$ % 20000))
name=$(echo "$format" | tr a-z- A-Z_)
limit=1460
case " $* " in *" --max-udp 8960 "*) limit=8960 ;; esac
python3 "$tools/st2110_recv.py" --fmt "$name" --w "$width" --h "$height" --fps 5 --frames 6 \
    --listen "127.0.0.1:$port" --maxudp "$limit" --timeout 4 --out "$work/received" \
    >"$work/report" &
receiver=$!
trap 'kill "$receiver" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    grep -q listening "$work/report" && break
    sleep 0.1
done
"$cyclorama" pattern --output "rtp://127.0.0.1:$port" --format "$format" --width "$width" \
    --height "$height" --rate 5 --frames 8 --picture "$picture" --reference "$work/sent" "$@"
if ! wait "$receiver"; then
    cat "$work/report"
    exit 1
fi
tail -1 "$work/report"
python3 "$here/exact_frames.py" "$work/sent" "$work/received" "$format" "$width" "$height"
