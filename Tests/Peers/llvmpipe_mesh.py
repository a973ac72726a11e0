"""Mesa's llvmpipe as a peer of our mesh rasteriser: the same .glb from the same eye.

One rasteriser thread, no window, 4x MSAA with alpha to coverage, trilinear textures, objects culled
by their spheres and sorted as ours are, light in RGBA16F. With --serve it answers each line
"frame" with the CPU milliseconds (the process, all its threads) of drawing and resolving a frame,
and of the colour pass (matrix and PQ) after it. Alone it prints medians; --picture writes a PPM,
--depth tells how many fragments lie over each other.
"""

import argparse
import io
import json
import os
import struct
import sys
import time

os.environ.update(
    LP_NUM_THREADS="1", LIBGL_ALWAYS_SOFTWARE="1", GALLIUM_DRIVER="llvmpipe",
    EGL_PLATFORM="surfaceless")

from bench_wall import missing, np

try:
    import cv2
    import moderngl
except ImportError as error:
    missing(error)

# The eye of `cyclorama bench`: 1.6 m up, looking forward, 90 degrees wide.
EYE = (0.0, 1.6, 0.0)
NEAR, FAR = 2.0 / 1024, 500.0

VERTEX = """
#version 330
uniform mat4 clip;
in vec3 place;
in vec2 uv;
in vec4 tint;
out vec2 spot;
out vec4 shade;
void main() {
    spot = uv;
    shade = tint;
    gl_Position = clip * vec4(place, 1);
}
"""

FRAGMENT = """
#version 330
uniform sampler2D picture;
uniform vec4 base;
uniform vec3 glow;
uniform float cutoff;
uniform int kind;
in vec2 spot;
in vec4 shade;
out vec4 color;
void main() {
    vec4 c = texture(picture, spot) * base * shade;
    if (kind == 1) {
        c.a = clamp((c.a - cutoff) / max(fwidth(c.a), 1e-4) + 0.5, 0.0, 1.0);
        if (c.a == 0.0) discard;
    } else if (kind == 0) {
        c.a = 1.0;
    }
    color = vec4(c.rgb * (kind == 2 ? c.a : 1.0) + glow, c.a);
}
"""

COUNT = """
#version 330
uniform sampler2D picture;
uniform vec4 base;
uniform float cutoff;
uniform int kind;
in vec2 spot;
in vec4 shade;
out vec4 color;
void main() {
    if (kind == 1 && texture(picture, spot).a * base.a < cutoff) discard;
    color = vec4(1.0 / 256);
}
"""

PASS_VERTEX = """
#version 330
in vec2 place;
void main() { gl_Position = vec4(place, 0, 1); }
"""

PASS = """
#version 330
uniform sampler2D light;
uniform mat3 matrix;
out vec4 color;
void main() {
    vec3 c = matrix * texelFetch(light, ivec2(gl_FragCoord.xy), 0).rgb;
    vec3 y = pow(clamp(c, 0.0, 15.0) * 0.01, vec3(2610.0 / 16384));
    vec3 pq = pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), vec3(78.84375));
    color = vec4(pq, 1);
}
"""

# Linear Rec. 709 to Rec. 2020.
MATRIX = (0.627404, 0.069097, 0.016391, 0.329283, 0.919540, 0.088013, 0.043313, 0.011362,
          0.895595)


class File:
    """A binary glTF file as our own writer makes them."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        length = struct.unpack_from("<I", data, 12)[0]
        self.tree = json.loads(data[20:20 + length])
        self.binary = data[28 + length:]

    def view(self, index):
        view = self.tree["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return self.binary[start:start + view["byteLength"]]

    def numbers(self, index):
        accessor = self.tree["accessors"][index]
        kind = {5126: np.float32, 5125: np.uint32}[accessor["componentType"]]
        return np.frombuffer(self.view(accessor["bufferView"]), kind).reshape(
            accessor["count"], -1)

    def picture(self, index):
        data = np.frombuffer(self.view(self.tree["images"][index]["bufferView"]), np.uint8)
        return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)


def clip_matrix(width, height):
    """Column-major, for an eye that looks along -Z, as glTF's cameras do."""
    right, up = 1.0, height / width
    m = np.zeros((4, 4), np.float32)
    m[0, 0], m[1, 1] = 1 / right, 1 / up
    m[2, 2], m[2, 3] = -(FAR + NEAR) / (FAR - NEAR), -2 * FAR * NEAR / (FAR - NEAR)
    m[3, 2] = -1
    move = np.eye(4, dtype=np.float32)
    move[:3, 3] = -np.array(EYE, np.float32)
    return m @ move


class Peer:
    def __init__(self, path, width, height):
        self.context = moderngl.create_standalone_context(backend="egl")
        self.file = File(path)
        self.size = (width, height)
        self.clip = clip_matrix(width, height)
        self.program = self.context.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        self.count = self.context.program(vertex_shader=VERTEX, fragment_shader=COUNT)
        self.textures = [self.texture(t) for t in self.file.tree.get("textures", [])]
        self.white = self.context.texture((1, 1), 4, b"\xff" * 4)
        self.objects = sorted(self.load(), key=lambda o: o["key"])
        self.targets()

    def texture(self, entry):
        picture = self.file.picture(entry["source"])
        height, width = picture.shape[:2]
        texture = self.context.texture(
            (width, height), 4, np.ascontiguousarray(picture).tobytes(), internal_format=0x8C43)
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        repeats = self.file.tree["samplers"][entry["sampler"]]["wrapS"] == 10497
        texture.repeat_x = texture.repeat_y = repeats
        return texture

    def load(self):
        for mesh in self.file.tree["meshes"]:
            primitive = mesh["primitives"][0]
            attributes = primitive["attributes"]
            place = self.file.numbers(attributes["POSITION"])
            middle = (place.min(0) + place.max(0)) / 2
            radius = float(np.sqrt(((place - middle) ** 2).sum(1)).max())
            material = self.file.tree["materials"][primitive["material"]]
            kind = {"OPAQUE": 0, "MASK": 1, "BLEND": 2}[material.get("alphaMode", "OPAQUE")]
            away = float(np.linalg.norm(middle - np.array(EYE)))
            if not self.sees(middle, radius):
                continue
            vertices = np.hstack(
                [place, self.file.numbers(attributes["TEXCOORD_0"]),
                 self.file.numbers(attributes["COLOR_0"])]).astype(np.float32)
            buffer = self.context.buffer(vertices.tobytes())
            indices = self.context.buffer(
                self.file.numbers(primitive["indices"]).astype(np.uint32).tobytes())
            content = [(buffer, "3f 2f 4f", "place", "uv", "tint")]
            yield {
                "key": (kind, -away if kind == 2 else away), "kind": kind, "material": material,
                "array": self.context.vertex_array(self.program, content, indices),
                "count": self.context.vertex_array(
                    self.count, [(buffer, "3f 2f 4x4", "place", "uv")], indices),
            }

    def sees(self, middle, radius):
        """The sphere is not wholly outside one of the five near planes."""
        m = self.clip
        rows = [m[3] + m[0], m[3] - m[0], m[3] + m[1], m[3] - m[1], m[3] + m[2]]
        at = np.append(middle, 1)
        return all(r @ at > -radius * np.linalg.norm(r[:3]) for r in rows)

    def targets(self):
        context, size = self.context, self.size
        self.samples = context.framebuffer(
            [context.renderbuffer(size, 4, samples=4, dtype="f2")],
            context.depth_renderbuffer(size, samples=4))
        self.light = context.texture(size, 4, dtype="f2")
        self.resolved = context.framebuffer([self.light])
        self.codes = context.framebuffer([context.renderbuffer(size, 4)])
        self.color = context.program(vertex_shader=PASS_VERTEX, fragment_shader=PASS)
        self.color["matrix"] = MATRIX
        corners = np.array([-1, -1, 3, -1, -1, 3], np.float32)
        self.triangle = context.vertex_array(
            self.color, [(context.buffer(corners.tobytes()), "2f", "place")])

    def set_material(self, program, entry):
        material, kind = entry["material"], entry["kind"]
        surface = material["pbrMetallicRoughness"]
        index = surface.get("baseColorTexture", {}).get("index")
        (self.white if index is None else self.textures[index]).use(0)
        strength = material["extensions"].get("KHR_materials_emissive_strength", {})
        glow = np.array(material["emissiveFactor"]) * strength.get("emissiveStrength", 1.0)
        values = {
            "base": tuple(surface["baseColorFactor"]), "glow": tuple(glow), "kind": kind,
            "cutoff": material.get("alphaCutoff", 0.5)}
        for name, value in values.items():
            if name in program:
                program[name] = value

    def draw(self):
        context = self.context
        self.samples.use()
        context.clear(0, 0, 0, 1, depth=1.0)
        context.enable(moderngl.DEPTH_TEST)
        self.program["clip"].write(self.clip.T.tobytes())
        for entry in self.objects:
            self.set_material(self.program, entry)
            two_sided = entry["material"].get("doubleSided", False)
            (context.disable if two_sided else context.enable)(moderngl.CULL_FACE)
            if entry["kind"] == 1:
                context.enable_direct(0x809E)  # GL_SAMPLE_ALPHA_TO_COVERAGE
            else:
                context.disable_direct(0x809E)
            if entry["kind"] == 2:
                context.enable(moderngl.BLEND)
                context.blend_func = moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
            entry["array"].render()
        context.disable(moderngl.BLEND)
        context.copy_framebuffer(self.resolved, self.samples)
        context.finish()

    def pass_color(self):
        self.codes.use()
        self.context.disable(moderngl.DEPTH_TEST)
        self.context.disable(moderngl.CULL_FACE)
        self.light.use(0)
        self.triangle.render(vertices=3)
        self.context.finish()

    def frame(self):
        """CPU milliseconds of the meshes, and of the colour pass."""
        start = time.process_time()
        self.draw()
        middle = time.process_time()
        self.pass_color()
        return (middle - start) * 1e3, (time.process_time() - middle) * 1e3

    def layers(self):
        """Fragments that would be seen, one over another, a pixel of those with any."""
        context = self.context
        texture = context.texture(self.size, 1, dtype="f2")
        context.framebuffer([texture]).use()
        context.clear(0, 0, 0, 0)
        context.disable(moderngl.DEPTH_TEST)
        context.enable(moderngl.BLEND)
        context.blend_func = moderngl.ONE, moderngl.ONE
        self.count["clip"].write(self.clip.T.tobytes())
        for entry in self.objects:
            self.set_material(self.count, entry)
            two_sided = entry["material"].get("doubleSided", False)
            (context.disable if two_sided else context.enable)(moderngl.CULL_FACE)
            entry["count"].render()
        context.disable(moderngl.BLEND)
        layers = np.frombuffer(texture.read(), np.float16).astype(np.float64) * 256
        return layers.sum() / (layers > 0).sum(), (layers > 0).mean()

    def picture(self, path):
        pixels = np.frombuffer(self.codes.read(components=3), np.uint8)
        pixels = pixels.reshape(self.size[1], self.size[0], 3)[::-1]
        cv2.imwrite(path, pixels[:, :, ::-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--width", type=int, default=1920)
    parser.add_argument("--height", type=int, default=1080)
    parser.add_argument("--picture")
    parser.add_argument("--depth", action="store_true")
    arguments = parser.parse_args()
    try:
        peer = Peer(arguments.file, arguments.width, arguments.height)
    # moderngl tells every trouble with EGL by its own or a plain exception.
    except Exception as error:
        missing(error)
    if arguments.depth:
        layers, covered = peer.layers()
        print(f"{layers:.2f} layers over {covered:.3f} of the picture", flush=True)
        return
    if arguments.serve:
        print(peer.context.info["GL_RENDERER"], flush=True)
        for _ in sys.stdin:
            print(*peer.frame(), flush=True)
        return
    rounds = [peer.frame() for _ in range(arguments.rounds + 1)][1:]
    if arguments.picture:
        peer.picture(arguments.picture)
    for name, times in zip(("meshes", "color"), zip(*rounds)):
        print(f"{name}: median {sorted(times)[len(times) // 2]:.1f} ms CPU")


if __name__ == "__main__":
    main()
