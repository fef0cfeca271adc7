"""Starting the product's own commands as processes, and talking to them as a browser does, without a browser."""

from __future__ import annotations

import contextlib
import http.cookiejar
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

PATIENCE_SECONDS = 120


def free_port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], *, cwd: Path, url: str) -> Iterator[subprocess.Popen[str]]:
    """A server process that answers at `url`; it is stopped as Ctrl+C or a service manager would."""
    log = cwd / "server.log"
    with log.open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, text=True)
        try:
            _wait_until_it_answers(process, url, log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_SECONDS)


def _wait_until_it_answers(process: subprocess.Popen[str], url: str, log: Path) -> None:
    for _ in range(PATIENCE_SECONDS * 4):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 — always this machine
            return
        time.sleep(0.25)
    raise AssertionError(f"no answer at {url}\n{log.read_text(encoding='utf-8')}")


class Visitor:
    """Somebody with cookies who fills in forms."""

    def __init__(self, url: str) -> None:
        self._url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        """The page at a path."""
        with self._opener.open(self._url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, page: str, path: str, fields: dict[str, str]) -> bytes:
        """What comes of sending a form, with the token of the page it stands on."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page))
        assert found is not None, f"no form at {page}"
        body = urllib.parse.urlencode({**fields, "csrf_token": found[1]}).encode()
        with self._opener.open(self._url + path, body, timeout=60) as answer:
            return bytes(answer.read())

    def sign_in(self, username: str, password: str) -> str:
        """The first page after sign-in."""
        return self.post("/sign-in", "/sign-in", {"username": username, "password": password}).decode()
