"""OpenCV's remap as a peer of our renderer: bilinear, CV_32FC1 maps given, one thread.

Names: openCVRemap8UC3, three 8-bit channels; openCVRemap32FC4, four floats. Wall time.
"""

import time

from bench_wall import bytes_of, maps, missing, np, panorama, serve

try:
    import cv2
except ImportError as error:
    missing(error)


class Peer:
    def __init__(self):
        cv2.setNumThreads(1)
        colors = panorama()
        self.pictures = {
            "openCVRemap8UC3": bytes_of(colors),
            "openCVRemap32FC4": np.dstack([colors, np.ones(colors.shape[:2], np.float32)]),
        }
        self.prepared = {}

    def milliseconds(self, name, width, height):
        picture = self.pictures[name]
        if (name, width) not in self.prepared:
            out = np.empty((height, width, picture.shape[2]), picture.dtype)
            self.prepared[name, width] = (*maps(width, height), out)
        u, v, out = self.prepared[name, width]
        start = time.perf_counter()
        cv2.remap(picture, u, v, cv2.INTER_LINEAR, dst=out)
        return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    serve(f"OpenCV {cv2.__version__}", Peer().milliseconds)
