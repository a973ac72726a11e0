"""OpenCV's remap as a peer of our renderer: 8UC3, bilinear, CV_32FC1 maps given, one thread.

The picture is the bench's: an arc of facets looking at a 4096 x 2048 lat-long panorama from the
outer eye. Alone it prints one JSON object with medians. With --serve it answers each line
"WIDTH HEIGHT" with the milliseconds of one remap, so that a bench can take turns with it.
"""

import argparse
import json
import sys
import time

import cv2
import numpy as np

PANORAMA = (4096, 2048)
FACETS = 24
RADIUS = 5.0
SIZES = [(960, 540), (1920, 1080), (3840, 2160)]


def panorama():
    """Smooth shapes and grain, 8 bit."""
    width, height = PANORAMA
    x = np.arange(width)[None, :] / width * 2 * np.pi
    y = np.arange(height)[:, None] / height * np.pi
    base = 0.5 + 0.25 * np.sin(7 * x) * np.cos(9 * y) + 0.1 * np.sin(160 * x + 90 * y)
    grain = np.random.default_rng(1).random((height, width, 3))
    return np.clip((base[:, :, None] + 0.1 * grain) * 200, 0, 255).astype(np.uint8)


def maps(width, height):
    """Where each wall pixel of the arc looks on the panorama."""
    step = np.pi / FACETS
    columns = width // FACETS
    x = np.arange(width)
    facet = np.minimum(x // columns, FACETS - 1)
    angle = (facet + 0.5) * step - np.pi / 2
    chord = 2 * RADIUS * np.tan(step / 2)
    along = ((x - facet * columns + 0.5) / columns - 0.5) * chord
    px = RADIUS * np.sin(angle) + along * np.cos(angle)
    py = RADIUS * np.cos(angle) - along * np.sin(angle)
    pitch = chord / columns
    pz = (0.5 * height - 0.5 - np.arange(height)) * pitch
    azimuth = np.broadcast_to(np.arctan2(px, py)[None, :], (height, width))
    elevation = np.arctan2(pz[:, None], np.hypot(px, py)[None, :])
    u = (0.5 + azimuth / (2 * np.pi)) * PANORAMA[0] - 0.5
    v = (0.5 - elevation / np.pi) * PANORAMA[1] - 0.5
    return u.astype(np.float32), v.astype(np.float32)


class Peer:
    def __init__(self):
        cv2.setNumThreads(1)
        self.picture = panorama()
        self.prepared = {}

    def milliseconds(self, width, height):
        if (width, height) not in self.prepared:
            self.prepared[width, height] = (
                *maps(width, height),
                np.empty((height, width, 3), np.uint8),
            )
        u, v, out = self.prepared[width, height]
        start = time.perf_counter()
        cv2.remap(self.picture, u, v, cv2.INTER_LINEAR, dst=out)
        return (time.perf_counter() - start) * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--rounds", type=int, default=31)
    arguments = parser.parse_args()
    peer = Peer()
    if arguments.serve:
        print(f"OpenCV {cv2.__version__}", flush=True)
        for line in sys.stdin:
            width, height = map(int, line.split())
            print(peer.milliseconds(width, height), flush=True)
        return
    rows = []
    for width, height in SIZES:
        times = sorted(peer.milliseconds(width, height) for _ in range(arguments.rounds))
        rows.append(
            {
                "name": "openCVRemap8UC3",
                "width": width,
                "height": height,
                "threads": 1,
                "medianMilliseconds": times[len(times) // 2],
                "minMilliseconds": times[0],
                "maxMilliseconds": times[-1],
            }
        )
    print(json.dumps({"version": cv2.__version__, "rows": rows}))


if __name__ == "__main__":
    main()
