"""FFmpeg's v360 as a peer of our renderer: gbrp, bilinear, one filter thread.

Name: ffmpegV360. From the lat-long panorama to a cylinder of the bench wall's angles, which is what
its arc looks like from the outer eye. The CPU time of a frame: a run of many frames less a run of
one, so that reading the picture, starting and computing the map are not counted; the picture is
held by the loop filter and the result thrown away, so nothing is copied or encoded.
"""

import os
import re
import resource
import subprocess
import tempfile

from bench_wall import PANORAMA, RADIUS, bytes_of, missing, np, panorama, pitch, serve


class Peer:
    def __init__(self, folder):
        self.picture = os.path.join(folder, "panorama.gbrp")
        with open(self.picture, "wb") as file:
            for channel in (1, 2, 0):
                file.write(bytes_of(panorama())[:, :, channel].tobytes())

    def seconds(self, width, height, frames):
        """CPU seconds of a run that makes some frames."""
        half = np.arctan(0.5 * height * pitch(width) / RADIUS)
        v360 = (
            f"v360=input=equirect:output=cylindrical:interp=linear:w={width}:h={height}"
            f":h_fov=180:v_fov={np.degrees(2 * half):.6f}"
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-filter_threads", "1"]
            + ["-f", "rawvideo", "-pixel_format", "gbrp"]
            + ["-video_size", f"{PANORAMA[0]}x{PANORAMA[1]}", "-i", self.picture]
            + ["-vf", f"loop=loop=-1:size=1,{v360}", "-frames:v", str(frames), "-f", "null", "-"],
            check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def milliseconds(self, _, width, height):
        # A good half second of work, so that what is subtracted does not weigh.
        frames = max(4, 60 * 960 * 540 // (width * height))
        return (self.seconds(width, height, frames + 1) - self.seconds(width, height, 1)) \
            / frames * 1e3


def version():
    try:
        text = subprocess.run(["ffmpeg", "-version"], stdout=subprocess.PIPE, text=True).stdout
    except OSError as error:
        missing(error)
    return re.match(r"ffmpeg version (\S+)", text).group(1)


if __name__ == "__main__":
    who = f"FFmpeg {version()}"
    with tempfile.TemporaryDirectory() as folder:
        serve(who, Peer(folder).milliseconds)
