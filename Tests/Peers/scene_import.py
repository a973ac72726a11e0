"""A 3840 × 2160 picture with depth on the wall: scene_import.py CYCLORAMA.

Draws a street with its depth map, imports it, bakes it and runs the demo stage with it. Bars: from
the two files to the first frame with the scene within 60 s; once baked, from the program's start to
that frame within 1 s.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

WIDTH, HEIGHT = 3840, 2160
EYE, FAR = 1.6, 60.0
binary = os.path.realpath(sys.argv[1])


def street():
    """Gray of the tiles, walls and boxes of a street, and its depth in meters along the axis."""
    focal = WIDTH / 2 / np.tan(np.radians(30))
    x = (np.arange(WIDTH) + 0.5 - WIDTH / 2) / focal
    up = (HEIGHT / 2 - np.arange(HEIGHT) - 0.5)[:, None] / focal
    with np.errstate(divide="ignore"):
        floor = np.where(up < 0, -EYE / up, np.inf)
        sides = np.broadcast_to(np.where(x == 0, np.inf, 4 / np.abs(x)), (HEIGHT, WIDTH))
    depth = np.minimum(np.minimum(floor, np.where(sides * up < 5, sides, np.inf)), FAR)
    for middle, away in ((-0.3, 4.0), (0.15, 7.0), (0.02, 15.0)):
        box = (np.abs(x - middle) < 1 / away) & (up * away < 0.8) & (up * away > -EYE)
        depth = np.where(box & (away < depth), away, depth)
    tiles = (np.floor(x * depth * 2) + np.floor(depth * 2) + np.floor(up * depth * 2)) % 2
    return 70 + 90 * tiles + 80 * np.clip(1 - depth / FAR, 0, 1), depth


def write(folder):
    gray, depth = street()
    color = np.stack([gray, gray * 0.9, gray * 0.8], axis=2)
    picture, map_ = f"{folder}/street.ppm", f"{folder}/street-depth.pfm"
    with open(picture, "wb") as file:
        file.write(f"P6 {WIDTH} {HEIGHT} 255\n".encode())
        file.write(color.clip(0, 255).astype("u1").tobytes())
    subprocess.run(
        ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", picture, f"{folder}/street.png"],
        check=True)
    with open(map_, "wb") as file:
        file.write(f"Pf\n{WIDTH} {HEIGHT}\n-1.0\n".encode())
        file.write(depth[::-1].astype("<f4").tobytes())
    return f"{folder}/street.png", map_


def first_frame(scene, folder):
    """Seconds from the program's start to its first second's report, less that second."""
    begin = time.monotonic()
    run = subprocess.run(
        [binary, "run", "demo", "--no-supervisor", "--json", "--seconds", "1", "--scene", scene,
         "--takes", f"{folder}/takes", "--events", f"{folder}/events.log", "--sdp", folder],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    report = json.loads(run.stdout)
    if report["frames"] < 1:
        sys.exit("the stage made no frame")
    return time.monotonic() - begin - 1


def main():
    with tempfile.TemporaryDirectory() as folder:
        picture, depth = write(folder)
        scene = f"{folder}/street"
        begin = time.monotonic()
        subprocess.run(
            [binary, "scene", "import", picture, "--depth", depth, "--out", scene], check=True,
            stdout=subprocess.DEVNULL)
        imported = time.monotonic() - begin
        subprocess.run([binary, "scene", "bake", scene], check=True, stdout=subprocess.DEVNULL)
        baked = time.monotonic() - begin - imported
        shown = first_frame(scene, folder)
        again = min(first_frame(scene, folder) for _ in range(3))
    total = imported + baked + shown
    print(f"imported in {imported:.1f} s, baked in {baked:.1f} s, on the wall after {total:.1f} s "
          f"(≤ 60); baked, {again:.2f} s after the start (≤ 1)")
    sys.exit(0 if total <= 60 and again <= 1 else 1)


main()
