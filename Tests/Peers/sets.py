"""The five sets photographed through the twin: sets.py CYCLORAMA OUT [KEPT].

Each set stands on the stage `flat`, its wall lit by the packets the stage sends, and is photographed
by the simulated camera, hand-held. OUT is the sheet of the photographs; where KEPT is
named, the sheet that stands in the README, both are compared: exit status 1 where they differ by
more than what a JPEG's rounding and other kernels make.
"""
import os
import subprocess
import sys
import tempfile

import cv2
import numpy

# Each with how an operator placed it, lines of a control session.
SETS = {
    "cathedral": ["set scene/offset 0 5 0", "set scene/horizon -4"],
    "station": ["set scene/offset 0 2 0"],
    "mountain": ["set scene/offset 0 7 0", "set scene/rotation -8", "set scene/horizon -6"],
    "meadow": [],
    "pirate-ship": [],
}
# Mean difference, codes of 255.
WORST = 2.0
# Pixels of a small photograph across; the last is twice as wide.
WIDTH = 640


def photograph(program, name, folder):
    """The first of the three pictures the twin writes side by side."""
    path, edits = (os.path.join(folder, name + end) for end in (".png", ".txt"))
    with open(edits, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in SETS[name]))
    subprocess.run(
        [program, "twin", "flat", "--scene", "generated:" + name, "--move", "handheld",
         "--moments", "1", "--edits", edits, "--picture", path, "--picture-step", "1", "--json"],
        stdout=subprocess.DEVNULL, check=False)
    three = cv2.imread(path)
    if three is None:
        sys.exit(f"{name}: the twin wrote no picture")
    return three[:, : three.shape[0] * 16 // 9]


def main():
    program, out = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        photos = [photograph(program, name, folder) for name in SETS]
    half = (WIDTH, WIDTH * 9 // 16)
    small = [cv2.resize(p, half, interpolation=cv2.INTER_AREA) for p in photos[:4]]
    large = cv2.resize(photos[4], (2 * half[0], 2 * half[1]), interpolation=cv2.INTER_AREA)
    sheet = numpy.vstack([numpy.hstack(small[:2]), numpy.hstack(small[2:]), large])
    cv2.imwrite(out, sheet, [cv2.IMWRITE_JPEG_QUALITY, 88])
    if len(sys.argv) < 4:
        return 0
    kept = cv2.imread(sys.argv[3])
    if kept is None or kept.shape != sheet.shape:
        print(f"{sys.argv[3]}: not of {sheet.shape[1]} x {sheet.shape[0]} pixels")
        return 1
    off = float(numpy.abs(kept.astype(int) - cv2.imread(out).astype(int)).mean())
    print(f"five photographs, {off:.2f} codes of 255 from those in the README (<= {WORST})")
    return 0 if off <= WORST else 1


if __name__ == "__main__":
    sys.exit(main())
