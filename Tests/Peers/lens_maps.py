"""A lens exported as STMaps and OpenTrackIO against OpenCV.

Reads a JSON file (one path as argument): the paths of both maps and of the samples, and which
sample (line) they are of. The lens is what the sample says in OpenLensIO's terms, turned into
OpenCV's; both maps are then OpenCV's to within a bound of a pixel. Prints the worst differences;
exit status 1 where one is above the bound.
"""
import json
import sys

import cv2
import numpy
import OpenImageIO as oiio

# Pixels. The maps are floats of 32 bits: 1e-4 of a pixel at 4096.
WORST = 1e-3


def read(path):
    """Both channels of a map in pixels' fractions, and its size."""
    image = oiio.ImageBuf(path)
    spec = image.spec()
    if spec.format != oiio.FLOAT or list(spec.channelnames)[:2] != ["R", "G"]:
        sys.exit(f"{path}: {spec.format}, channels {spec.channelnames}")
    return image.get_pixels(oiio.FLOAT)[:, :, :2], (spec.width, spec.height)


def main(path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    with open(given["samples"], encoding="utf-8") as file:
        sample = json.loads(file.readlines()[given["line"]])
    lens, camera = sample["lens"], sample["static"]["camera"]
    width, height = (camera["activeSensorResolution"][k] for k in ("width", "height"))
    sensor = camera["activeSensorPhysicalDimensions"]
    focal, shift = lens["pinholeFocalLength"], lens["projectionOffset"]
    bend = lens["distortion"][0]
    if bend["model"] != "Brown-Conrady U-D":
        sys.exit(f"a lens of OpenCV's direction is expected, not {bend['model']}")
    radial = bend["radial"] + [0] * (6 - len(bend["radial"]))
    tangential = [p * focal for p in bend["tangential"]]
    k = [radial[i] * focal ** (2 + i // 2 * 2) for i in range(6)]
    coefficients = numpy.array([k[0], k[2], *tangential, k[4], k[1], k[3], k[5]])
    fx, fy = focal * width / sensor["width"], focal * height / sensor["height"]
    # OpenCV counts from the middle of the first pixel.
    recorded = numpy.array([[fx, 0, width / 2 + shift["x"] * width / sensor["width"] - 0.5],
                            [0, fy, height / 2 + shift["y"] * height / sensor["height"] - 0.5],
                            [0, 0, 1]])
    undistort, size = read(given["undistort"])
    straight = numpy.array([[fx, 0, size[0] / 2 - 0.5], [0, fy, size[1] / 2 - 0.5], [0, 0, 1]])
    x, y = cv2.initUndistortRectifyMap(
        recorded, coefficients, None, straight, size, cv2.CV_32FC1)
    expected = numpy.dstack([(x + 0.5) / width, 1 - (y + 0.5) / height])
    there = numpy.array([width, height])
    inside = numpy.all((expected > 0) & (expected < 1), axis=2)
    first = float(numpy.abs((undistort - expected) * there)[inside].max())

    distort, same = read(given["distort"])
    if same != (width, height):
        sys.exit(f"{given['distort']}: {same} pixels")
    columns, rows = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    points = numpy.dstack([columns, rows]).reshape(-1, 1, 2).astype(numpy.float64)
    rule = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-12)
    found = cv2.undistortPoints(points, recorded, coefficients, None, None, straight, rule)
    found = found.reshape(height, width, 2)
    expected = numpy.dstack([(found[:, :, 0] + 0.5) / size[0], 1 - (found[:, :, 1] + 0.5) / size[1]])
    second = float(numpy.abs((distort - expected) * numpy.array(size)).max())
    held = bool(expected.min() > 0 and expected.max() < 1)
    print(f"undistort {first:.2e} px, distort {second:.2e} px, inside the straight picture: {held}")
    return 0 if max(first, second) < WORST and held and inside.mean() > 0.5 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
