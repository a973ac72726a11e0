#!/usr/bin/env python3
"""Random grades as an operator sets them, and what OpenColorIO makes of colors under them.

Called with a JSON file {"walls": [names], "camera": name, "patches": [[r, g, b]]} of scene-linear
ACEScg, a count and a folder: writes grade-N.edits there, the lines of a control session, and
grade-N.json, the patches after all → wall → inner frustum, a list a wall. What a line means is
written down here a second time: corrections, tables, matrices and exposures are OpenColorIO's own
operators; white balance is CAT02 between chromaticities by the published formulas.
"""
import json
import os
import sys

import numpy
import PyOpenColorIO as ocio

CONFIG = ocio.Config.CreateRaw()
NEUTRAL = {
    "exposure": [0.0], "white-balance/temperature": [6500.0], "white-balance/tint": [0.0],
    "white-balance/as": "color-temperature", "cdl/slope": [1.0] * 3, "cdl/offset": [0.0] * 3,
    "cdl/power": [1.0] * 3, "cdl/saturation": [1.0], "cdl/space": "linear",
    "cdl/clamp": "off", "cdl/inverse": "off",
    "contrast": [1.0], "pivot": [0.18], "lut/slot": [0.0], "lut/strength": [1.0],
}


# --- Grades


def numbers(random, low, high, count=3):
    return [round(float(value), 6) for value in random.uniform(low, high, count)]


def random_scope(random, slots):
    """The settings of one scope; `slots` have tables."""
    one = {"exposure": numbers(random, -0.6, 0.6, 1)}
    if random.random() < 0.6:
        one["white-balance/temperature"] = numbers(random, 3500, 11000, 1)
        one["white-balance/tint"] = numbers(random, -0.4, 0.4, 1)
        one["white-balance/as"] = "white-balance" if random.random() < 0.4 else "color-temperature"
    if random.random() < 0.7:
        in_codes = random.random() < 0.5
        one["cdl/space"] = "acescct" if in_codes else "linear"
        if in_codes and random.random() < 0.3:
            one["cdl/clamp"] = "on"
        one["cdl/slope"] = numbers(random, 0.92, 1.08)
        one["cdl/offset"] = numbers(random, -0.01, 0.01) if in_codes else numbers(random, 0, 0.004)
        one["cdl/power"] = numbers(random, 0.9, 1.12)
        one["cdl/saturation"] = numbers(random, 0.7, 1.2, 1)
        if random.random() < 0.25:
            one["cdl/inverse"] = "on"
    if random.random() < 0.5:
        one["contrast"] = numbers(random, 0.9, 1.12, 1)
        one["pivot"] = numbers(random, 0.1, 0.3, 1)
    if random.random() < 0.5:
        one["lut/slot"] = [float(random.integers(1, slots + 1))]
        one["lut/strength"] = numbers(random, 0.3, 1, 1)
    return one


def write_table(random, path, side=33):
    """A film-like table on ACEScct codes: a soft curve, crossed a little, drawn at random."""
    axis = numpy.linspace(0, 1, side)
    blue, green, red = numpy.meshgrid(axis, axis, axis, indexing="ij")
    codes = numpy.stack([red, green, blue], -1)
    middle, steepness = random.uniform(0.38, 0.45), random.uniform(0.9, 1.15)
    curve = middle + (codes - middle) * steepness
    curve += random.uniform(-0.01, 0.01, 3) * numpy.sin(numpy.pi * codes)
    mix = numpy.eye(3) + random.uniform(-0.04, 0.04, (3, 3))
    mix /= mix.sum(1, keepdims=True)
    out = curve @ mix.T
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"LUT_3D_SIZE {side}\n")
        for r, g, b in out.reshape(-1, 3):
            file.write(f"{r:.7f} {g:.7f} {b:.7f}\n")


def random_edits(seed, folder, chart):
    """Lines of a session that make a grade, and the tables they load."""
    random = numpy.random.default_rng([0xC0105, seed])
    lines = []
    for slot in (1, 2):
        path = os.path.join(folder, f"film-{seed}-{slot}.cube")
        write_table(random, path)
        lines.append(f"lut load {slot} {path}")
    scopes = ["all", *[f"wall/{name}" for name in chart["walls"]], f"inner/{chart['camera']}"]
    for scope in scopes:
        for path, value in random_scope(random, 2).items():
            text = value if isinstance(value, str) else " ".join(f"{v:.6f}" for v in value)
            lines.append(f"set {scope}/{path.lower()} {text}")
    return lines


# --- What a line means


def read(lines):
    """Tables by slot, and settings by scope and parameter, both in lower case."""
    tables, scopes = {}, {}
    for line in lines:
        words = line.split()
        if words[:2] == ["lut", "load"]:
            tables[int(words[2])] = words[3]
            continue
        name = words[1].lower()
        parameter = next(key for key in NEUTRAL if name.endswith("/" + key))
        value = words[2] if isinstance(NEUTRAL[parameter], str) else [float(w) for w in words[2:]]
        scopes.setdefault(name[: -len(parameter) - 1], {})[parameter] = value
    return tables, scopes


def applied(transform, colors):
    pixels = numpy.ascontiguousarray(colors, dtype=numpy.float32).reshape(1, -1, 3).copy()
    cpu = CONFIG.getProcessor(transform).getOptimizedCPUProcessor(ocio.OPTIMIZATION_NONE)
    cpu.apply(ocio.PackedImageDesc(pixels, pixels.shape[1], 1, 3))
    return pixels.reshape(-1, 3).astype(float)


def group(*transforms):
    return ocio.GroupTransform([t for t in transforms if t is not None])


def matrix(rows, offset=(0, 0, 0)):
    full = numpy.eye(4)
    full[:3, :3] = rows
    return ocio.MatrixTransform(full.ravel().tolist(), [*offset, 0])


# ACEScg ↔ ACEScct, both of OpenColorIO's own transforms meeting in AP0.
TO_CODES = group(
    ocio.BuiltinTransform("ACEScg_to_ACES2065-1"),
    ocio.BuiltinTransform("ACEScct_to_ACES2065-1", ocio.TRANSFORM_DIR_INVERSE))
TO_LIGHT = group(
    ocio.BuiltinTransform("ACEScct_to_ACES2065-1"),
    ocio.BuiltinTransform("ACEScg_to_ACES2065-1", ocio.TRANSFORM_DIR_INVERSE))


def correction(scope, value):
    """Slope and offset, contrast about the pivot, power and saturation."""
    in_codes = scope["cdl/space"] == "acescct"
    first, last = ocio.CDLTransform(), ocio.CDLTransform()
    first.setStyle(ocio.CDL_NO_CLAMP)
    first.setSlope(scope["cdl/slope"])
    first.setOffset(scope["cdl/offset"])
    last.setStyle(ocio.CDL_ASC if scope["cdl/clamp"] == "on" else ocio.CDL_NO_CLAMP)
    last.setPower(scope["cdl/power"])
    last.setSat(scope["cdl/saturation"][0])
    contrast, pivot = scope["contrast"][0], scope["pivot"][0]
    middle = None
    if contrast != 1 and in_codes:
        center = float(applied(TO_CODES, [[pivot] * 3])[0, 0])
        middle = matrix(numpy.eye(3) * contrast, [center * (1 - contrast)] * 3)
    elif contrast != 1:
        middle = group(
            matrix(numpy.eye(3) / pivot),
            ocio.ExponentTransform(
                [contrast] * 3 + [1], negativeStyle=ocio.NEGATIVE_PASS_THRU),
            matrix(numpy.eye(3) * pivot))
    numbers_of = ["cdl/slope", "cdl/offset", "cdl/power", "cdl/saturation", "contrast"]
    if all(scope[key] == NEUTRAL[key] for key in numbers_of):
        return value
    steps = group(first, middle, last)
    if scope["cdl/inverse"] == "on":
        steps.setDirection(ocio.TRANSFORM_DIR_INVERSE)
    return applied(steps, value)


def graded_scope(scope, tables, light):
    scope = {**NEUTRAL, **scope}
    brighter = ocio.ExposureContrastTransform(
        style=ocio.EXPOSURE_CONTRAST_LINEAR, exposure=scope["exposure"][0])
    light = applied(group(brighter, matrix(white_balance(scope))), light)
    in_codes = scope["cdl/space"] == "acescct"
    slot = int(scope["lut/slot"][0])
    if not in_codes:
        light = correction(scope, light)
    if not in_codes and slot == 0:
        return light
    codes = applied(TO_CODES, light)
    if in_codes:
        codes = correction(scope, codes)
    if slot > 0:
        look = applied(
            ocio.FileTransform(src=tables[slot], interpolation=ocio.INTERP_TETRAHEDRAL), codes)
        codes = codes + scope["lut/strength"][0] * (look - codes)
    return applied(TO_LIGHT, codes)


def graded(lines, chart):
    """The chart's patches under a session's settings, by wall."""
    tables, scopes = read(lines)
    out = []
    for wall in chart["walls"]:
        light = numpy.array(chart["patches"], dtype=float)
        for scope in ["all", f"wall/{wall}", f"inner/{chart['camera']}"]:
            light = graded_scope(scopes.get(scope.lower(), {}), tables, light)
        out.append(light.tolist())
    return out


# --- White balance


def xyz(xy):
    return numpy.array([xy[0] / xy[1], 1, (1 - xy[0] - xy[1]) / xy[1]])


def daylight(t):
    """CIE 15, 3.1."""
    if t <= 7000:
        x = -4.6070e9 / t**3 + 2.9678e6 / t**2 + 0.09911e3 / t + 0.244063
    else:
        x = -2.0064e9 / t**3 + 1.9018e6 / t**2 + 0.24748e3 / t + 0.237040
    return x, -3 * x * x + 2.870 * x - 0.275


def planckian(t):
    """Kang and others, 2002."""
    if t <= 4000:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t <= 2222:
        a = (-1.1063814, -1.34811020, 2.18555832, -0.20219683)
    elif t <= 4000:
        a = (-0.9549476, -1.37418593, 2.09137015, -0.16748867)
    else:
        a = (3.0817580, -5.87338670, 3.75112997, -0.37001483)
    return x, numpy.polyval(a, x)


def locus(t):
    """Daylight from 5000 K, Planckian to 4000 K, a smooth step between."""
    s = min(max((t - 4000) / 1000, 0), 1)
    weight = s * s * (3 - 2 * s)
    if weight in (0, 1):
        return numpy.array(daylight(t) if weight else planckian(t))
    return numpy.array(planckian(t)) * (1 - weight) + numpy.array(daylight(t)) * weight


def uv(xy):
    return numpy.array([4 * xy[0], 6 * xy[1]]) / (-2 * xy[0] + 12 * xy[1] + 3)


def white(t, tint):
    """The locus moved along its normal in CIE 1960 uv by 0.02 a unit of tint, magenta below."""
    at = uv(locus(t))
    along = uv(locus(t - 0.5)) - uv(locus(t + 0.5))
    normal = numpy.array([-along[1], along[0]]) / numpy.hypot(*along)
    if normal[1] < 0:
        normal = -normal
    u, v = at - 0.02 * tint * normal
    d = 2 * u - 8 * v + 4
    return 3 * u / d, 2 * v / d


CAT02 = numpy.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061],
                     [0.0030, 0.0136, 0.9834]])
BRADFORD = numpy.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367],
                        [0.0389, -0.0685, 1.0296]])


def light_of_working():
    """ACEScg → XYZ of the light a D65 wall makes."""
    primaries = numpy.array([xyz(p) for p in [(0.713, 0.293), (0.165, 0.830), (0.128, 0.044)]]).T
    own = xyz((0.32168, 0.33767))
    to_xyz = primaries * numpy.linalg.solve(primaries, own)
    gain = (BRADFORD @ xyz((0.3127, 0.3290))) / (BRADFORD @ own)
    return numpy.linalg.inv(BRADFORD) @ numpy.diag(gain) @ BRADFORD @ to_xyz


def white_balance(scope):
    t, tint = scope["white-balance/temperature"][0], scope["white-balance/tint"][0]
    if (t, tint) == (6500, 0):
        return numpy.eye(3)
    cones = CAT02 @ light_of_working()
    gain = (CAT02 @ xyz(white(t, tint))) / (CAT02 @ xyz(white(6500, 0)))
    if scope["white-balance/as"] == "white-balance":
        gain = 1 / gain
    balanced = numpy.linalg.inv(cones) @ numpy.diag(gain) @ cones
    luminance = light_of_working()[1]
    return balanced * (luminance.sum() / (luminance @ balanced @ numpy.ones(3)))


def write(chart, count, folder):
    for seed in range(count):
        lines = random_edits(seed, folder, chart)
        with open(os.path.join(folder, f"grade-{seed}.edits"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        with open(os.path.join(folder, f"grade-{seed}.json"), "w", encoding="utf-8") as file:
            json.dump(graded(lines, chart), file)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        write(json.load(file), int(sys.argv[2]), sys.argv[3])
