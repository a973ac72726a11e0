#!/usr/bin/env python3
"""The twin's camera against OpenCV's projectPoints.

Reads the cameras, poses and stage points the twin projected (JSON, one path as argument), projects
them again with OpenCV from the same description and prints the largest difference in pixels.
Exit status 1 over 1e-6 px.
"""

import json
import math
import sys

import cv2
import numpy as np


def rotation(pan, tilt, roll):
    """Rz(pan) Rx(tilt) Ry(roll): columns right, forward, up."""
    cp, sp = math.cos(pan), math.sin(pan)
    ct, st = math.cos(tilt), math.sin(tilt)
    cr, sr = math.cos(roll), math.sin(roll)
    rz = np.array([[cp, -sp, 0], [sp, cp, 0], [0, 0, 1]])
    rx = np.array([[1, 0, 0], [0, ct, -st], [0, st, ct]])
    ry = np.array([[cr, 0, sr], [0, 1, 0], [-sr, 0, cr]])
    return rz @ rx @ ry


def project(case):
    width, height = case["imageWidth"], case["imageHeight"]
    w, h, f = case["sensorWidth"], case["sensorHeight"], case["focalLength"]
    axes = rotation(case["pan"], case["tilt"], case["roll"])
    pupil = np.array(case["position"]) + axes @ np.array([0, case["entrancePupilOffset"], 0])
    # OpenCV's camera: x right, y down, z forward.
    view = np.stack([axes[:, 0], -axes[:, 2], axes[:, 1]])
    matrix = np.array(
        [
            [f * width / w, 0, width / 2 + case["projectionOffset"][0] * width / w],
            [0, f * height / h, height / 2 + case["projectionOffset"][1] * height / h],
            [0, 0, 1],
        ]
    )
    k = case["radial"]
    p = case["tangential"]
    distortion = np.array(
        [
            k[0] * f**2, k[2] * f**4, p[0] * f, p[1] * f, k[4] * f**6,
            k[1] * f**2, k[3] * f**4, k[5] * f**6,
        ]
    )
    points, _ = cv2.projectPoints(
        np.array(case["points"], dtype=np.float64), cv2.Rodrigues(view)[0], -view @ pupil,
        matrix, distortion)
    return points.reshape(-1, 2)


def main():
    cases = json.load(open(sys.argv[1]))
    worst = max(
        float(np.abs(project(case) - np.array(case["projected"])).max()) for case in cases)
    count = sum(len(case["points"]) for case in cases)
    print(f"{count} points, {len(cases)} cameras: largest difference {worst:.3e} px")
    return 0 if count > 0 and worst <= 1e-6 else 1


if __name__ == "__main__":
    sys.exit(main())
