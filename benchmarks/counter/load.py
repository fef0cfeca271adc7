"""The load: a process of its own that sends requests over kept connections and notes how long each took.

It reads an order from its standard input and writes what came of it to its standard output, both JSON. It speaks just
enough HTTP/1.1 for a local server, so that it takes little time from what it measures.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; a body is JSON."""

    method: str
    path: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Requests to one server of this machine, each sent once, until they or the seconds are used up."""

    port: int
    headers: dict[str, str]
    requests: list[Request]
    concurrency: int
    seconds: float
    expected_status: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How long all of it and each request took; `unexpected` counts answers by another status."""

    seconds: float
    latencies: list[float]
    unexpected: dict[str, int]

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that this share of the requests stays below. Units: milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def send(order: Order) -> Outcome:
    """Let another process carry the order out.

    Raises: RuntimeError when an answer came with an unexpected status.
    """
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.counter.load"],
        input=json.dumps(asdict(order)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60 + order.seconds,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    outcome = Outcome(**json.loads(done.stdout))
    if outcome.unexpected:
        raise RuntimeError(f"{order.requests[0].path} answered {outcome.unexpected}")
    return outcome


async def _carry_out(order: Order) -> Outcome:
    waiting = iter(order.requests)
    latencies: list[float] = []
    unexpected: dict[str, int] = {}
    start = time.perf_counter()
    until = start + order.seconds
    await asyncio.gather(*(_connection(order, waiting, until, latencies, unexpected) for _ in range(order.concurrency)))
    return Outcome(time.perf_counter() - start, latencies, unexpected)


async def _connection(
    order: Order, waiting: Iterator[Request], until: float, latencies: list[float], unexpected: dict[str, int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", order.port)
    try:
        for request in waiting:
            start = time.perf_counter()
            writer.write(_as_bytes(request, order))
            status = await _answer(reader)
            end = time.perf_counter()
            latencies.append(end - start)
            if status != order.expected_status:
                unexpected[str(status)] = unexpected.get(str(status), 0) + 1
            if end > until:
                return
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]
    await reader.readexactly(int(length))
    return int(head.split(b" ", 2)[1])


def _as_bytes(request: Request, order: Order) -> bytes:
    body = request.body.encode()
    lines = [
        f"{request.method} {request.path} HTTP/1.1",
        f"Host: 127.0.0.1:{order.port}",
        *(f"{name}: {value}" for name, value in order.headers.items()),
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _order(said: str) -> Order:
    values = json.loads(said)
    requests: Sequence[dict[str, str]] = values.pop("requests")
    return Order(**values, requests=[Request(**request) for request in requests])


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_carry_out(_order(sys.stdin.read()))))))
