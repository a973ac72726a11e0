"""The bench's wall and panorama for its peers: an arc of facets round the outer eye.

A peer serves: it prints who it is, or "missing: WHY", then answers each line "NAME WIDTH HEIGHT"
with the milliseconds of one frame, so that the bench can take turns with it.
"""

import sys


def missing(why):
    """Says that this peer cannot be had, and ends."""
    print(f"missing: {why}", flush=True)
    sys.exit(0)


try:
    import numpy as np
except ImportError as error:
    missing(error)

PANORAMA = (4096, 2048)
FACETS = 24
RADIUS = 5.0


def panorama():
    """Smooth shapes, fine lines and grain, scene-linear: the bench's own dome in kind."""
    width, height = PANORAMA
    x = np.arange(width)[None, :] / width * 2 * np.pi
    y = np.arange(height)[:, None] / height * np.pi
    base = 0.5 + 0.25 * np.sin(7 * x) * np.cos(9 * y) + 0.1 * np.sin(160 * x + 90 * y)
    grain = np.random.default_rng(1).random((height, width, 3))
    return np.maximum(base[:, :, None] + 0.1 * grain, 0).astype(np.float32)


def bytes_of(picture):
    """A picture as 8-bit codes."""
    return np.clip(picture * 200, 0, 255).astype(np.uint8)


def pitch(width):
    """Metres from one pixel to the next."""
    return 2 * RADIUS * np.tan(np.pi / FACETS / 2) / (width // FACETS)


def facet_ray(facet, across):
    """Right and forward part of the ray to a place of a facet, -0.5 … 0.5 of its width."""
    angle = (facet + 0.5) * np.pi / FACETS - np.pi / 2
    along = across * 2 * RADIUS * np.tan(np.pi / FACETS / 2)
    return (
        RADIUS * np.sin(angle) + along * np.cos(angle),
        RADIUS * np.cos(angle) - along * np.sin(angle),
    )


def maps(width, height):
    """Where each wall pixel looks on the panorama: texel columns and rows."""
    columns = width // FACETS
    x = np.arange(width)
    facet = np.minimum(x // columns, FACETS - 1)
    px, py = facet_ray(facet, (x - facet * columns + 0.5) / columns - 0.5)
    pz = (0.5 * height - 0.5 - np.arange(height)) * pitch(width)
    azimuth = np.broadcast_to(np.arctan2(px, py)[None, :], (height, width))
    elevation = np.arctan2(pz[:, None], np.hypot(px, py)[None, :])
    u = (0.5 + azimuth / (2 * np.pi)) * PANORAMA[0] - 0.5
    v = (0.5 - elevation / np.pi) * PANORAMA[1] - 0.5
    return u.astype(np.float32), v.astype(np.float32)


def serve(who, milliseconds):
    """Answers the bench until it closes the pipe."""
    print(who, flush=True)
    for line in sys.stdin:
        name, width, height = line.split()
        print(milliseconds(name, int(width), int(height)), flush=True)
