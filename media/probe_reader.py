"""The child process that opens a foreign video or sound: it limits itself first and says what it found as JSON.

The file is its standard input. Once limited, it can open nothing more: no other file, no connection.
"""

import ctypes
import io
import json
import os
import resource
import signal
import sys

import av
import av.subtitles.stream  # av loads it when it opens a file: then it is too late
from av.stream import Disposition

from media.playable import MAX_PIXELS, MP4
from media.refusals import Refusal
from media.stated_length import mp4_seconds

PR_SET_PDEATHSIG = 1
OPTIONS = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,ogg",
    "protocol_whitelist": "file",
    "max_pixels": str(MAX_PIXELS),
}
BUFFER_BYTES = 256 * 1024
PACKETS_TO_A_FRAME = 300  # a stream that shows nothing in so many packets is no picture and no sound


def main() -> None:
    limit_this_process(json.loads(sys.argv[1]))
    try:
        found = read(io.FileIO(0, closefd=False))
    except MemoryError:
        found = {"refusal": Refusal.DAMAGED}
    except av.error.FFmpegError:
        found = {"refusal": Refusal.NOT_MEDIA}
    except Exception:  # whatever a foreign file does to a reader, it is the file that is damaged
        found = {"refusal": Refusal.DAMAGED}
    sys.stdout.write(json.dumps(found))


def limit_this_process(limits: dict[str, int]) -> None:
    """No more memory or time than the limits say, no file or connection opened, and an end when the parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read(file: io.FileIO) -> dict:
    """Facts by their names; the length is that of the packets, never the header's word."""
    with av.open(file, options=OPTIONS, metadata_errors="ignore", buffer_size=BUFFER_BYTES) as container:
        streams = [stream for stream in (_picture(container), _sound(container)) if stream]
        found: dict = {"container": container.format.name}
        for stream in streams:
            found |= _facts_of(stream)
        if not streams or found.get("width", 0) * found.get("height", 0) > MAX_PIXELS:
            return found
        found["stated_seconds"] = container.duration / av.time_base if container.duration else None
        found["duration_seconds"], is_mute = walk(container, streams)
    if is_mute:
        found["refusal"] = Refusal.DAMAGED
    if found["container"] == MP4:
        found["stated_seconds"] = mp4_seconds(file, os.fstat(file.fileno()).st_size)
    return found


def walk(container, streams: list) -> tuple[float, bool]:
    """At which second the last packet ends, and whether some stream shows no picture or gives no sound."""
    end = 0.0
    patience = {stream.index: PACKETS_TO_A_FRAME for stream in streams}
    try:
        for packet in container.demux(streams):
            if patience.get(packet.stream.index, 0) > 0:
                _listen(packet, patience)
            if packet.pts is not None:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    except av.error.FFmpegError:  # it ends here, whatever it promised
        pass
    return end, bool(patience)


def _listen(packet, patience: dict[int, int]) -> None:
    index = packet.stream.index
    patience[index] -= 1
    try:
        if packet.decode():
            del patience[index]
    except av.error.FFmpegError:  # the first packets of a good file may be broken
        pass


def _picture(container):
    """The film itself: the cover of a song is a video stream too."""
    streams = (stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic)
    return next(streams, None)


def _sound(container):
    return next(iter(container.streams.audio), None)


def _facts_of(stream) -> dict:
    codec = stream.codec_context
    codec.thread_count = 1
    if stream.type == "audio":
        return {"audio_codec": codec.codec.canonical_name}
    size = {"width": codec.width, "height": codec.height}
    return {"video_codec": codec.codec.canonical_name, "pixel_format": codec.pix_fmt or "", **size}


if __name__ == "__main__":
    main()
