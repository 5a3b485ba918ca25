"""A load of keep-alive connections that post bodies as fast as they are answered. Bounded in time."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass
class Answers:
    number: int
    seconds: float
    bad: int
    latencies: list[float]
    taken: list[int]  # by each connection

    @property
    def per_second(self) -> float:
        return self.number / self.seconds

    def quantile_ms(self, share: float) -> float:
        return 1000 * sorted(self.latencies)[int(share * (len(self.latencies) - 1))]


def post(port: int, path: str, bodies: list[Iterator[bytes]], *, seconds: float) -> Answers:
    """One connection for each iterator of bodies, for `seconds`."""
    return asyncio.run(_post(port, path, bodies, seconds))


async def _post(port: int, path: str, bodies: list[Iterator[bytes]], seconds: float) -> Answers:
    begun = time.perf_counter()
    until = begun + seconds
    lines = await asyncio.gather(*(_line(port, path, each, until) for each in bodies))
    took = time.perf_counter() - begun
    latencies = [latency for line, _ in lines for latency in line]
    bad = sum(bad for _, bad in lines)
    return Answers(len(latencies), took, bad, latencies, [len(line) - refused for line, refused in lines])


async def _line(port: int, path: str, bodies: Iterator[bytes], until: float) -> tuple[list[float], int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    latencies, bad = [], 0
    while time.perf_counter() < until:
        body = next(bodies)
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
        sent = time.perf_counter()
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        latencies.append(time.perf_counter() - sent)
        bad += not answer.startswith(b"http/1.1 200")
    writer.close()
    return latencies, bad
