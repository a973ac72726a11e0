"""Judges frames a peer received against the octets we sent.

    exact_frames.py REFERENCE RECEIVED FORMAT WIDTH HEIGHT [--yuv422p10] [--skip N]

FORMAT is rgb8, rgb10, rgb12, 422-8 or 422-10; both files hold wire octets, rows without gaps,
except that --yuv422p10 says RECEIVED holds planes of little-endian 16-bit words (FFmpeg).
Frames before the first match may be missing (a receiver starts up); after it every received
frame must be the next one sent. Exit 0 when at least two frames match and none differs.
"""
import argparse
import sys

GROUPS = {"rgb8": (3, 1), "rgb10": (15, 4), "rgb12": (9, 2), "422-8": (4, 2), "422-10": (5, 2)}


def planes(frame, width, height):
    """Y, Cb, Cr as little-endian words from UYVY octets of 10 bits, as FFmpeg orders them."""
    import numpy as np

    octets = np.frombuffer(frame, np.uint8).reshape(height, width // 2, 5).astype(np.uint16)
    a, b, c, d, e = (octets[:, :, i] for i in range(5))
    cb = a << 2 | b >> 6
    y0 = (b & 63) << 4 | c >> 4
    cr = (c & 15) << 6 | d >> 2
    y1 = (d & 3) << 8 | e
    luma = np.stack([y0, y1], -1).reshape(height, width)
    return b"".join(p.astype("<u2").tobytes() for p in (luma, cb, cr))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference")
    parser.add_argument("received")
    parser.add_argument("format", choices=GROUPS)
    parser.add_argument("width", type=int)
    parser.add_argument("height", type=int)
    parser.add_argument("--yuv422p10", action="store_true")
    parser.add_argument("--skip", type=int, default=0, help="received start-up frames to ignore")
    a = parser.parse_args()
    octets, pixels = GROUPS[a.format]
    size = a.width // pixels * octets * a.height
    sent = open(a.reference, "rb").read()
    sent = [sent[i : i + size] for i in range(0, len(sent), size)]
    if a.yuv422p10:
        sent = [planes(f, a.width, a.height) for f in sent]
        size = len(sent[0])
    got = open(a.received, "rb").read()
    if len(got) % size:
        print(f"received {len(got)} octets: not whole frames of {size}")
        return 1
    got = [got[i : i + size] for i in range(0, len(got), size)][a.skip :]
    where = [sent.index(f) if f in sent else None for f in got]
    good = [w for w in where if w is not None]
    steps = all(y == x + 1 for x, y in zip(where, where[1:]) if None not in (x, y))
    exact = len(good) >= 2 and None not in where and steps
    print(f"sent {len(sent)}, received {len(got)}, matching sent frames {where}:", end=" ")
    print("EXACT" if exact else "NOT exact")
    return 0 if exact else 1


sys.exit(main())
