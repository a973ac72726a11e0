#!/bin/sh
# Every RTP format against every peer that takes it: pattern and random pictures, HD and odd
# widths, both UDP limits, sequence wrap, with and without UDP GSO. Exit 0 when all are exact.
#   rtp_matrix.sh CYCLORAMA
set -u
cyclorama=$1
here=$(cd "$(dirname "$0")" && pwd)
failed=0
count=0
check() {
    count=$((count + 1))
    printf '%s: ' "$*"
    script=$1
    shift
    if result=$("$here/$script" "$cyclorama" "$@" 2>&1); then
        echo "$result" | tail -1
    else
        failed=$((failed + 1))
        printf 'FAILED\n%s\n' "$result"
    fi
}
for format in rgb8 rgb10 rgb12 422-8 422-10; do
    check strict_rtp.sh $format 1920 1080 noise
    check strict_rtp.sh $format 1920 1080 chart --max-udp 8960
    check strict_rtp.sh $format 332 186 noise --first-sequence 65000
    check strict_rtp.sh $format 640 360 chart --plain-sends --range narrow
done
for format in rgb8 422-8 422-10; do
    for picture in noise chart; do
        check gstreamer_rtp.sh $format 1280 720 $picture
        check ffmpeg_rtp.sh $format 1280 720 $picture
    done
    check gstreamer_rtp.sh $format 320 64 noise --first-sequence 65500
    check gstreamer_rtp.sh $format 320 64 chart --range narrow
    check ffmpeg_rtp.sh $format 640 360 noise --range narrow
done
echo "$count sessions, $failed failed"
[ "$failed" -eq 0 ]
