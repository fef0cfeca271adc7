"""Servers to measure: gunicorn on this machine alone, the same workers and threads for whatever is served."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

WORKERS = 2
THREADS = 8
START_SECONDS = 30


@contextlib.contextmanager
def served(factory: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve the application that `module:function()` makes; gives the port.

    Raises: RuntimeError when it does not come up.
    """
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", factory, "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
    command += ["--log-level", "warning", "--no-control-socket", "--graceful-timeout", "2"]
    process = subprocess.Popen(command, env={**os.environ, **environment})
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
