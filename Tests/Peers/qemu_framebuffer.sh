#!/bin/sh
# /dev/fb0 in a virtual machine: our packing and our framebuffer draw, QEMU's screendump is
# compared pixel by pixel, with a graphics card's own driver (bochs) and the firmware's modes
# (vesafb, 32 and 24 bits).
#   qemu_framebuffer.sh WORK     WORK keeps the kernel package and the probe between runs
# Needs: qemu-system-x86 busybox-static cpio kmod python3-numpy, and apt-get download.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${CYCLORAMA_TEST_TOOLS:-$root/../shared/tools}/qemu
mkdir -p "$1"
work=$(cd "$1" && pwd)
cd "$work"
if ! ls -d kernel/boot/vmlinuz-* >/dev/null 2>&1; then
    # The plain kernel: the cloud one has no framebuffer at all.
    name=$(apt-cache depends linux-image-amd64 | awk '/Depends:/ { print $2; exit }')
    ls "$name"_*.deb >/dev/null 2>&1 || apt-get download "$name"
    dpkg -x "$name"_*.deb kernel
fi
kernel=$(ls kernel/boot/vmlinuz-*)
CYCLORAMA_PROBES=1 swift build -c release --package-path "$root" --scratch-path "$work/build" \
    --product framebuffer-probe --static-swift-stdlib >build.log 2>&1 ||
    { tail -20 build.log; exit 1; }
cp build/release/framebuffer-probe .
cat >run <<'RUN'
stty -F /dev/ttyS1 raw -echo 2>/dev/null
/bin/framebuffer-probe /dev/fb0 /dev/ttyS1
RUN
failed=0
boot() {
    printf '%s: ' "$1"
    name=$1
    modules=$2
    shift 2
    python3 "$tools/mkinitrd.py" "$name.img" kernel "$modules" ./framebuffer-probe ./run \
        >mkinitrd.log
    if python3 "$tools/qemu_shot.py" "$kernel" "$name.img" --keep "$work/$name" "$@" \
        >"$name.log" 2>&1 && [ "$(grep -c 'PIXELS EXACT' "$name.log")" -eq 3 ] &&
        grep -q 'console restored: true' "$name.log"; then
        grep 'bits,' "$name.log" | tr -d '\r\n'
        echo ': 3 pictures, every pixel exact, console restored'
    else
        failed=$((failed + 1))
        echo 'NOT exact'
        tail -40 "$name.log"
    fi
}
boot bochs bochs
boot vesafb-1080p-32 '' --append vga=0x392
boot vesafb-768-32 '' --append vga=0x344
boot vesafb-768-24 '' --append vga=0x318
[ "$failed" -eq 0 ]
