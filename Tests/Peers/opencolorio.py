#!/usr/bin/env python3
"""Look files against OpenColorIO.

Reads a JSON file (one path as argument): a list of files of ours, each with colours, what we make
of them and how far apart the results may be, as a part of 1 or of the value. OpenColorIO reads each
file, applies it (3D tables by tetrahedra) and must agree. Where "again" names a path, OpenColorIO
writes the transform there in its own words (CLF, or .cube of the flavor "flavor" by baking), for
the caller to read in its turn. Prints the largest difference of each file; exit status 1 and what
is wrong, if anything is.
"""

import json
import sys

import numpy
import PyOpenColorIO as ocio


def processor(config, path):
    transform = ocio.FileTransform(src=path, interpolation=ocio.INTERP_TETRAHEDRAL)
    return config.getProcessor(transform)


def applied(config, path, colors):
    pixels = numpy.array(colors, dtype=numpy.float32).reshape(1, -1, 3).copy()
    cpu = processor(config, path).getOptimizedCPUProcessor(ocio.OPTIMIZATION_LOSSLESS)
    cpu.apply(ocio.PackedImageDesc(pixels, pixels.shape[1], 1, 3))
    return pixels.reshape(-1, 3).astype(float)


def written(config, case):
    if case["again"].endswith(".clf"):
        group = processor(config, case["path"]).createGroupTransform()
        group.write("Academy/ASC Common LUT Format", case["again"], config)
        return
    config = ocio.Config.CreateRaw()
    config.addColorSpace(ocio.ColorSpace(name="reference"))
    look = ocio.ColorSpace(name="look")
    look.setTransform(
        ocio.FileTransform(src=case["path"], interpolation=ocio.INTERP_TETRAHEDRAL),
        ocio.COLORSPACE_DIR_FROM_REFERENCE)
    config.addColorSpace(look)
    baker = ocio.Baker(
        config=config, format=case["flavor"], inputSpace="reference", targetSpace="look")
    baker.setCubeSize(case["cubeSize"])
    baker.bake(case["again"])


def main(path):
    with open(path, encoding="utf-8") as file:
        cases = json.load(file)
    config = ocio.Config.CreateRaw()
    wrong = []
    for case in cases:
        theirs = applied(config, case["path"], case["colors"])
        ours = numpy.array(case["ours"])
        scale = numpy.maximum(1, numpy.abs(theirs))
        error = float((numpy.abs(theirs - ours) / scale).max())
        name = case["path"].rsplit("/", 1)[-1]
        print(f"{name}: {error:.1e}")
        if not error <= case["tolerance"]:
            worst = int((numpy.abs(theirs - ours) / scale).max(axis=1).argmax())
            wrong.append(
                f"{name}: {case['colors'][worst]} is {theirs[worst]} to OpenColorIO, "
                f"{ours[worst]} to us")
        if case.get("again"):
            written(config, case)
    print("\n".join(wrong))
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
