"""Servers to measure, reached from this machine alone: the same kind, workers and threads for whatever is served."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

WORKERS = 2
THREADS = 8
START_SECONDS = 30


def product_command(port: int) -> list[str]:
    """The product as an office serves it."""
    numbers = ["--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS)]
    return [sys.executable, "-m", "cardqueue", "serve", "--no-jobs", *numbers]


def bare_command(port: int) -> list[str]:
    """The bare application under the same server."""
    numbers = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--threads", str(THREADS)]
    quiet = ["--log-level", "warning", "--no-control-socket", "--graceful-timeout", "2"]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "benchmarks.counter.bare:make_app()",
        "--worker-class",
        "gthread",
        *numbers,
        *quiet,
    ]


@contextlib.contextmanager
def served(command: Callable[[int], list[str]], environment: dict[str, str]) -> Iterator[int]:
    """Run a server; gives its port.

    Raises: RuntimeError when it does not come up.
    """
    port = _free_port()
    process = subprocess.Popen(command(port), env={**os.environ, **environment})
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
