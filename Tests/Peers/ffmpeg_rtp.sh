#!/bin/sh
# FFmpeg receives our stream from our own SDP, octet for octet.
#   ffmpeg_rtp.sh CYCLORAMA FORMAT WIDTH HEIGHT PICTURE [more arguments of `cyclorama pattern`]
# FORMAT: rgb8, 422-8 or 422-10.
set -eu
cyclorama=$1 format=$2 width=$3 height=$4 picture=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
# Even: FFmpeg takes the next port for RTCP.
port=$((20000 + $$ % 10000 * 2))
planes=
case $format in
rgb8) pixels=rgb24 ;;
422-8) pixels=uyvy422 ;;
422-10) pixels=yuv422p10le planes=--yuv422p10 ;;
*) echo "FFmpeg does not receive $format" && exit 2 ;;
esac
pattern() {
    "$cyclorama" pattern --output "rtp://127.0.0.1:$port" --format "$format" --width "$width" \
        --height "$height" --rate 5 --picture "$picture" "$@"
}
pattern --frames 1 --dry --sdp "$work/stream.sdp" "$@" >/dev/null
ffmpeg -hide_banner -loglevel warning -protocol_whitelist file,udp,rtp -analyzeduration 0 \
    -probesize 32 -fflags nobuffer -reorder_queue_size 0 -buffer_size 67108864 \
    -i "$work/stream.sdp" -an -fps_mode passthrough -frames:v 6 -f rawvideo -pix_fmt "$pixels" \
    -y "$work/received" 2>"$work/ffmpeg.err" </dev/null &
receiver=$!
trap 'kill "$receiver" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do
    grep -qi ":$(printf %04X "$port") " /proc/net/udp && break
    sleep 0.1
done
sleep 0.5
pattern --frames 10 --reference "$work/sent" "$@"
for _ in $(seq 50); do
    kill -0 "$receiver" 2>/dev/null || break
    sleep 0.2
done
kill -INT "$receiver" 2>/dev/null || true
wait "$receiver" 2>/dev/null || true
# shellcheck disable=SC2086 # empty or one flag
python3 "$here/exact_frames.py" "$work/sent" "$work/received" "$format" "$width" "$height" \
    $planes || { head -5 "$work/ffmpeg.err"; exit 1; }
