#!/usr/bin/env python3
"""Code values of a corrected wall against NumPy.

Reads a JSON file (one path as argument): the wall (primaries, peak, nits of scene-linear 1.0), its
correction (a power law of each channel, matrix, offset, gains of a panel) and what our frame path
made of some ACEScg colours: 10-bit PQ codes, full range. The codes are found here from the
definitions alone: SMPTE RP 177 for the primaries, Bradford for the white, ST 2084 for the curve.
Prints the largest difference; exit status 1 if any is above 1.01, which is the dither's.
"""

import json
import sys

import numpy

AP1 = [[0.713, 0.293], [0.165, 0.830], [0.128, 0.044], [0.32168, 0.33767]]
CONES = numpy.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def xyz(chromaticity):
    x, y = chromaticity
    return numpy.array([x / y, 1, (1 - x - y) / y])


def to_xyz(primaries):
    columns = numpy.stack([xyz(p) for p in primaries[:3]], axis=1)
    return columns * numpy.linalg.solve(columns, xyz(primaries[3]))


def adapted(source, target):
    gains = (CONES @ xyz(target)) / (CONES @ xyz(source))
    return numpy.linalg.inv(CONES) @ numpy.diag(gains) @ CONES


def pq(nits):
    y = numpy.power(numpy.clip(nits, 0, 10000) / 10000, 2610 / 16384)
    return numpy.power((3424 / 4096 + 2413 / 128 * y) / (1 + 2392 / 128 * y), 2523 / 32)


def codes(case, color):
    primaries = case["primaries"]
    wall = numpy.linalg.inv(to_xyz(primaries)) @ adapted(AP1[3], primaries[3]) @ to_xyz(AP1)
    light = wall @ color * case["nitsPerUnit"] / case["peakNits"]
    light = numpy.array(case["matrix"]) @ light + numpy.array(case["offset"])
    light = numpy.clip(light, 0, 1)
    drive = numpy.power(light, 1 / numpy.array(case["gamma"])) * numpy.array(case["gain"])
    return 1023 * pq(numpy.clip(drive, 0, 1) * case["peakNits"])


def main(path):
    with open(path, encoding="utf-8") as file:
        case = json.load(file)
    worst = 0
    for color, ours in zip(case["colors"], case["codes"], strict=True):
        theirs = codes(case, numpy.array(color))
        worst = max(worst, float(numpy.abs(theirs - numpy.array(ours)).max()))
    print(f"{len(case['colors'])} colours, largest difference {worst:.3f} codes")
    return 1 if worst > 1.01 or not case["colors"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
