#!/usr/bin/env python3
"""A second opinion on pictures, by OpenImageIO and numpy.

    pictures.py OUT [HDR ...]

Writes pictures of many kinds into OUT, each as NAME.<ext>, and beside each NAME.<ext>.expected:
little-endian int32 width, height, then float32 R, G, B, A of every pixel, scene-linear ACEScg,
premultiplied: what reading that picture has to give. HDR files named are decoded by OpenImageIO.

Movies are coded by the ffmpeg program, of a picture OpenImageIO writes (its packages read none), and
numpy makes light of the planes their decoder gives: BT.709's matrix, a display of BT.1886.
"""
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import OpenImageIO as oiio

AP1_FROM_709 = np.array(
    [
        [0.61309740, 0.33952315, 0.04737945],
        [0.07019372, 0.91635388, 0.01345240],
        [0.02061559, 0.10956977, 0.86981463],
    ]
)


def srgb(v):
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def expect(path, linear, alpha, premultiplied=False):
    rgb = linear @ AP1_FROM_709.T
    if not premultiplied:
        rgb = rgb * alpha[..., None]
    rgb = np.clip(rgb, -65504, 65504)  # the largest half float: nothing above it is kept
    rgba = np.concatenate([rgb, alpha[..., None]], -1).astype("<f4")
    height, width = alpha.shape
    head = struct.pack("<ii", width, height)
    Path(str(path) + ".expected").write_bytes(head + rgba.tobytes())


def write(path, pixels, kind, **attributes):
    height, width, channels = pixels.shape
    spec = oiio.ImageSpec(width, height, channels, kind)
    for name, value in attributes.items():
        spec[name.replace("__", ":")] = value
    if "tile" in attributes:
        spec.tile_width = spec.tile_height = attributes["tile"]
    out = oiio.ImageOutput.create(str(path))
    if not out.open(str(path), spec):
        raise SystemExit(out.geterror())
    if "tile" in attributes:
        out.write_tiles(0, width, 0, height, 0, 1, pixels)
    else:
        out.write_image(pixels)
    out.close()


MOVIES = {
    "prores.mov": ["-c:v", "prores_ks", "-profile:v", "3", "-pix_fmt", "yuv422p10le"],
    "prores4444.mov": ["-c:v", "prores_ks", "-profile:v", "4", "-pix_fmt", "yuv444p10le"],
    "h264.mp4": ["-c:v", "libx264", "-crf", "4", "-pix_fmt", "yuv420p"],
    "h264-422-10.mp4": ["-c:v", "libx264", "-crf", "4", "-pix_fmt", "yuv422p10le"],
    "h265-10.mp4": ["-c:v", "libx265", "-crf", "4", "-x265-params", "log-level=none",
                    "-pix_fmt", "yuv420p10le"],
}
TAGS = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-color_range", "tv"]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


def planes(path, layout, width, height):
    """Y, Cb and Cr of a movie's first picture as the decoder gives them, 0 … 1 and −½ … ½."""
    # ProRes 4444 is decoded to 12 bits, whatever it was coded from.
    layout = layout.replace("444p10", "444p12")
    bits = int(layout[-4:-2]) if layout.endswith("le") else 8
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt",
         layout, "-"], stdout=subprocess.PIPE, check=True).stdout
    codes = np.frombuffer(raw, dtype="<u2" if bits > 8 else "u1").astype(np.float64)
    across = width if "444" in layout else width // 2
    down = height // 2 if "420" in layout else height
    size, unit = across * down, 2.0 ** (bits - 8)
    y = codes[:width * height].reshape(height, width)
    u, v = (codes[width * height + i * size:][:size].reshape(down, across) for i in (0, 1))
    return ((y - 16 * unit) / (219 * unit),
            *((wide(c, width, height) - 128 * unit) / (224 * unit) for c in (u, v)))


def wide(chroma, width, height):
    """Chroma at every pixel: it stands beside the left one of two, midway between two lines."""
    if chroma.shape[0] < height:
        lines = np.empty((height, chroma.shape[1]))
        around = np.vstack([chroma[:1], chroma, chroma[-1:]])
        lines[0::2] = 0.75 * chroma + 0.25 * around[:-2]
        lines[1::2] = 0.75 * chroma + 0.25 * around[2:]
        chroma = lines
    if chroma.shape[1] < width:
        pixels = np.empty((height, width))
        pixels[:, 0::2] = chroma
        pixels[:, 1::2] = (chroma + np.hstack([chroma[:, 1:], chroma[:, -1:]])) / 2
        chroma = pixels
    return chroma


def movies(folder):
    width, height = 320, 180
    y, x = np.mgrid[0:height, 0:width]
    signal = np.stack(
        [0.5 + 0.4 * np.sin(x / 9), 0.5 + 0.4 * np.cos(y / 7), 0.5 + 0.4 * np.sin((x + y) / 11)],
        -1)
    still = folder / "movie-still.tiff"
    write(still, np.round(signal * 65535).astype(np.uint16), "uint16")
    for name, codec in MOVIES.items():
        path = folder / name
        ffmpeg("-loop", 1, "-r", 24, "-i", still, "-frames:v", 3, "-vf",
               "scale=out_color_matrix=bt709:out_range=tv,"
               "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709",
               *codec, *TAGS, path)
        luma, u, v = planes(path, codec[-1], width, height)
        rgb = np.stack([luma + 1.5748 * v, luma - 0.187324 * u - 0.468124 * v,
                        luma + 1.8556 * u], -1)
        expect(path, np.sign(rgb) * np.abs(rgb) ** 2.4, np.ones((height, width)))
    still.unlink()


def main(folder, hdrs):
    rng = np.random.default_rng(1)
    width, height = 83, 61
    y, x = np.mgrid[0:height, 0:width]
    smooth = np.stack([x / width, y / height, (x + y) / (width + height)], -1)
    noisy = np.clip(smooth + rng.normal(0, 0.1, smooth.shape), 0, 1)
    alpha = np.clip(1.2 - np.hypot(x - 40, y - 30) / 40, 0, 1)
    opaque = np.ones((height, width))

    for bits, kind, top in ((8, "uint8", 255), (16, "uint16", 65535)):
        codes = np.round(noisy * top)
        mask = np.round(alpha * top)
        dtype = np.uint8 if bits == 8 else np.uint16
        rgba = np.concatenate([codes, mask[..., None]], -1).astype(dtype)
        for suffix in ("png", "tif"):
            path = folder / f"rgb{bits}.{suffix}"
            write(path, rgba[..., :3].copy(), kind)
            expect(path, srgb(codes / top), opaque)
            path = folder / f"rgba{bits}.{suffix}"
            write(path, rgba, kind, oiio__UnassociatedAlpha=1)
            expect(path, srgb(codes / top), mask / top)

    # Zip, LZW and deflated strips.
    codes = np.round(noisy * 65535)
    for compression in ("lzw", "zip", "packbits"):
        path = folder / f"{compression}.tif"
        write(path, codes.astype(np.uint16), "uint16", compression=compression)
        expect(path, srgb(codes / 65535), opaque)

    # DPX by OpenImageIO, read back by it: light as its header says, and a display's signal.
    for bits in (8, 10, 12, 16):
        for transfer in ("Linear", "ITU-R 709-4"):
            path = folder / f"{bits}-{transfer[:3]}.dpx"
            kind = "uint8" if bits == 8 else "uint16"
            write(path, np.round(noisy * (255 if bits == 8 else 65535)).astype(kind), kind,
                  oiio__BitsPerSample=bits, dpx__Transfer=transfer)
            pixels = oiio.ImageBuf(str(path)).get_pixels(oiio.FLOAT)[..., :3].astype(np.float64)
            top = 2 ** bits - 1
            pixels = np.round(pixels * top) / top
            expect(path, pixels if transfer == "Linear" else pixels ** 2.4, opaque)

    light = (noisy * 40 - 0.5).astype(np.float32)
    for kind in ("half", "float"):
        stored = light.astype(np.float16).astype(np.float32) if kind == "half" else light
        for compression in ("none", "rle", "zips", "zip", "piz"):
            for tile in (0, 32):
                path = folder / f"{kind}-{compression}-{'tiled' if tile else 'rows'}.exr"
                more = {"tile": tile} if tile else {}
                write(path, stored, kind, compression=compression, **more)
                expect(path, stored, opaque, premultiplied=True)
        rgba = np.concatenate([stored * 0.5, alpha[..., None]], -1).astype(np.float32)
        path = folder / f"{kind}-alpha.exr"
        write(path, rgba, kind, compression="zip")
        mask = rgba[..., 3].astype(np.float16) if kind == "half" else rgba[..., 3]
        color = rgba[..., :3].astype(np.float16) if kind == "half" else rgba[..., :3]
        expect(path, color.astype(np.float32), mask.astype(np.float32), premultiplied=True)

    movies(folder)
    for name in hdrs:
        pixels = oiio.ImageBuf(name).get_pixels(oiio.FLOAT)
        path = folder / Path(name).name
        path.write_bytes(Path(name).read_bytes())
        expect(path, pixels[..., :3], np.ones(pixels.shape[:2]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
