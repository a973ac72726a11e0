"""Mesa's llvmpipe as a peer of our renderer: OpenGL on one rasteriser thread, no window.

Name: llvmpipe. The bench's arc as one quad a facet; the fragment shader takes the half-float
panorama bilinearly, then exposure, a matrix and PQ, into eight bits. CPU time of the process, all
its threads.
"""

import os
import time

os.environ.update(
    LP_NUM_THREADS="1", LIBGL_ALWAYS_SOFTWARE="1", GALLIUM_DRIVER="llvmpipe",
    EGL_PLATFORM="surfaceless")

from bench_wall import FACETS, PANORAMA, facet_ray, missing, np, panorama, pitch, serve

try:
    import moderngl
except ImportError as error:
    missing(error)

VERTEX = """
#version 330
in vec2 place;
in vec3 ray;
noperspective out vec3 direction;
void main() {
    direction = ray;
    gl_Position = vec4(place, 0, 1);
}
"""

FRAGMENT = """
#version 330
uniform sampler2D dome;
uniform mat3 matrix;
uniform float exposure;
noperspective in vec3 direction;
out vec4 color;
void main() {
    vec3 d = normalize(direction);
    vec2 uv = vec2(0.5 + atan(d.x, d.y) * 0.15915494, 0.5 - asin(d.z) * 0.31830989);
    vec3 light = matrix * (textureLod(dome, uv, 0).rgb * exposure);
    vec3 y = pow(clamp(light, 0.0, 15.0) * 0.01, vec3(2610.0 / 16384));
    vec3 pq = pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), vec3(78.84375));
    color = vec4(pq, 1);
}
"""

# ACEScg to Rec. 2020.
MATRIX = (1.025825, -0.002235, -0.005013, -0.020053, 1.004587, -0.025290, -0.005772, -0.002352,
          1.030303)


def quads(width, height):
    """Two triangles a facet: clip place and ray of every corner."""
    half = 0.5 * height * pitch(width)
    corners = []
    for facet in range(FACETS):
        for across, up in [(0, 0), (1, 0), (1, 1), (0, 0), (1, 1), (0, 1)]:
            right, forward = facet_ray(facet, across - 0.5)
            clip = ((facet + across) / FACETS * 2 - 1, up * 2 - 1)
            corners.append((*clip, right, forward, (2 * up - 1) * half))
    return np.array(corners, np.float32)


class Peer:
    def __init__(self):
        self.context = moderngl.create_context(
            standalone=True, backend="egl", libgl="libGL.so.1", libegl="libEGL.so.1")
        self.program = self.context.program(vertex_shader=VERTEX, fragment_shader=FRAGMENT)
        self.program["matrix"].value = MATRIX
        self.program["exposure"].value = 1.23
        halves = panorama().astype(np.float16).tobytes()
        dome = self.context.texture(PANORAMA, 3, halves, dtype="f2")
        dome.filter = (moderngl.LINEAR, moderngl.LINEAR)
        dome.use()
        self.dome = dome
        self.prepared = {}

    def who(self):
        info = self.context.info
        return f"{info['GL_RENDERER']}, Mesa {info['GL_VERSION'].split()[-1]}"

    def milliseconds(self, _, width, height):
        if width not in self.prepared:
            buffer = self.context.buffer(quads(width, height).tobytes())
            target = self.context.simple_framebuffer((width, height), 4)
            wall = self.context.vertex_array(self.program, [(buffer, "2f 3f", "place", "ray")])
            self.prepared[width] = (target, wall)
        target, wall = self.prepared[width]
        target.use()
        start = time.process_time()
        wall.render()
        self.context.finish()
        return (time.process_time() - start) * 1e3


def main():
    try:
        peer = Peer()
    # moderngl tells every trouble with EGL by its own or a plain exception.
    except Exception as error:
        missing(error)
    serve(peer.who(), peer.milliseconds)


if __name__ == "__main__":
    main()
