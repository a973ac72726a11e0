#!/usr/bin/env python3
"""A wall's OpenColorIO configuration, as OpenColorIO itself applies it.

Reads a JSON file (one path as argument): the configuration's path, its display, and for each view
colors in ACEScg with the PQ signals they should become and how far they may be off. Exit status 1
and what is wrong, if anything is.
"""
import json
import sys

import numpy
import PyOpenColorIO as ocio


def main(path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    config = ocio.Config.CreateFromFile(given["config"])
    config.validate()
    if list(config.getDisplays()) != [given["display"]]:
        print(f"displays {list(config.getDisplays())}")
        return 1
    worst = {}
    for view in given["views"]:
        processor = config.getProcessor(
            "ACEScg", given["display"], view["name"], ocio.TRANSFORM_DIR_FORWARD)
        pixels = numpy.array(view["colors"], dtype=numpy.float32).reshape(1, -1, 3).copy()
        processor.getOptimizedCPUProcessor(ocio.OPTIMIZATION_LOSSLESS).apply(
            ocio.PackedImageDesc(pixels, pixels.shape[1], 1, 3))
        off = numpy.abs(pixels.reshape(-1, 3) - numpy.array(view["signals"])).max()
        worst[view["name"]] = float(off)
        print(f"{view['name']}: {off:.1e}")
    return 1 if not worst or max(worst.values()) > given["tolerance"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
