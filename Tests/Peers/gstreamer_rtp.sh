#!/bin/sh
# GStreamer's rtpvrawdepay receives our stream from our own SDP, octet for octet.
#   gstreamer_rtp.sh CYCLORAMA FORMAT WIDTH HEIGHT PICTURE [more arguments of `cyclorama pattern`]
# FORMAT: rgb8, 422-8 or 422-10 (it decodes RGB 10 and 12 wrongly). Row octets: a multiple of 4.
set -eu
cyclorama=$1 format=$2 width=$3 height=$4 picture=$5
shift 5
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
port=$((20000 + $$ % 20000))
pattern() {
    "$cyclorama" pattern --output "rtp://127.0.0.1:$port" --format "$format" --width "$width" \
        --height "$height" --rate 5 --picture "$picture" "$@"
}
pattern --frames 1 --dry --sdp "$work/stream.sdp" "$@" >/dev/null
# sdpdemux gives its socket the system's default buffer, about 90 packets: small pictures go that
# way. For large ones udpsrc is given a larger buffer, and caps of our SDP's own words.
if [ $((width * height)) -le 20480 ]; then
    source="filesrc location=$work/stream.sdp ! sdpdemux latency=50"
else
    word() { sed -n "s/^a=fmtp.*[ ;]$1=\([^;]*\);.*/\1/p" "$work/stream.sdp"; }
    caps="application/x-rtp,media=(string)video,clock-rate=(int)90000"
    caps="$caps,encoding-name=(string)RAW,sampling=(string)$(word sampling)"
    caps="$caps,depth=(string)$(word depth),width=(string)$(word width)"
    caps="$caps,height=(string)$(word height),payload=(int)96"
    source="udpsrc address=127.0.0.1 port=$port buffer-size=67108864 caps=$caps"
fi
# shellcheck disable=SC2086 # words of a pipeline
gst-launch-1.0 -q $source ! rtpvrawdepay ! filesink location="$work/received" \
    2>"$work/gst.err" &
receiver=$!
trap 'kill "$receiver" 2>/dev/null || true; rm -rf "$work"' EXIT
# The socket is open when the kernel lists the port.
for _ in $(seq 100); do
    grep -qi ":$(printf %04X "$port") " /proc/net/udp && break
    sleep 0.1
done
sleep 0.5
pattern --frames 8 --reference "$work/sent" "$@"
sleep 1
kill -INT "$receiver"
wait "$receiver" 2>/dev/null || true
# The first frame may be cut by the pipeline's start.
python3 "$here/exact_frames.py" "$work/sent" "$work/received" "$format" "$width" "$height" ||
    { head -5 "$work/gst.err"; exit 1; }
