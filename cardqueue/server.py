"""Commands of whoever runs an installation: set up, migrate, serve, work."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click
import flask_migrate
from flask import Flask

from cardqueue.config import (
    DATA_DIR,
    Settings,
    SettingsError,
    demo_environment,
    fresh_environment,
    read_settings,
)
from cardqueue.core.paths import bundled

LOOPBACK_NAMES = {"localhost"}


def settings_or_exit() -> Settings:
    """The settings of the environment; their faults end the command with exit code 2."""
    try:
        return read_settings()
    except SettingsError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        raise SystemExit(2) from error


def build_app(settings: Settings) -> Flask:
    """The application of a command."""
    from cardqueue.app import create_app

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return create_app(settings)


def migrate_database(app: Flask) -> None:
    """Bring the database to the newest migration and fill in the list of communes where it is empty."""
    from cardqueue.core.database import db, writing
    from cardqueue.organisation.services import load_units_if_empty

    with app.app_context():
        flask_migrate.upgrade(directory=str(bundled("migrations")))
        with writing(db.session()) as session:
            load_units_if_empty(session)
        db.session.remove()


def is_loopback(host: str) -> bool:
    """Whether an address reaches only this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOOPBACK_NAMES


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path("cardqueue.env"))
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path("instance"), show_default=True)
def init(path: Path, data_dir: Path) -> None:
    """Write a settings file with fresh secret keys."""
    lines = [
        "# Settings of this cardqueue installation. Whoever has this file can read every number in the database:",
        "# keep a copy apart from the backups of the database, and never send it by e-mail or chat.",
        *(f"{name}={value}" for name, value in fresh_environment(data_dir.resolve()).items()),
        "# DATABASE_URL=postgresql://user:password@host/cardqueue",
        "# Keys of hash-only hand-overs, by default `keys` in the data directory: a folder that no backup takes.",
        "# CARDQUEUE_HANDOVER_KEYS=/var/lib/cardqueue-keys",
    ]
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except FileExistsError:
        raise click.ClickException(f"{path} exists already; its keys are not overwritten.") from None
    click.echo(f"Wrote {path}. Next: cardqueue migrate, cardqueue create-admin, cardqueue serve.")


@click.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    settings = settings_or_exit()
    migrate_database(build_app(settings))
    click.echo("The database is up to date.")


@click.command("create-admin")
@click.option("--username", prompt=True)
@click.option("--full-name", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def create_admin(username: str, full_name: str, password: str) -> None:
    """Create the first administrator's account."""
    from cardqueue.accounts.services import Unit, create_account
    from cardqueue.core.access import Role
    from cardqueue.core.audit import act_as
    from cardqueue.core.database import db, writing
    from cardqueue.core.errors import Refused

    app = build_app(settings_or_exit())
    with app.app_context():
        try:
            with writing(db.session()) as session:
                act_as(session, "command line")
                create_account(
                    session, username=username, full_name=full_name, role=Role.ADMIN, unit=Unit(), password=password
                )
        except Refused as error:
            raise click.ClickException(f"{error.reason_code} {error.values}") from error
    click.echo(f"Created the administrator {username}.")


@click.command("check-audit")
def check_audit() -> None:
    """Check the seals of the audit trail; exit 1 at the first row that was tampered with."""
    from cardqueue.core.database import db
    from cardqueue.core.sealing import find_broken_link

    app = build_app(settings_or_exit())
    with app.app_context():
        broken = find_broken_link(db.session())
    if broken is not None:
        raise click.ClickException(f"the audit trail is broken at row {broken}")
    click.echo("The audit trail is whole.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes; more than one needs PostgreSQL.")
@click.option("--threads", default=8, show_default=True, help="Threads of each process.")
@click.option(
    "--jobs/--no-jobs", default=True, show_default=True, help="Run timed work here, or in `cardqueue worker`."
)
def serve(host: str, port: int, workers: int, threads: int, jobs: bool) -> None:
    """Serve the pages."""
    settings = settings_or_exit()
    run_server(settings, host, port, workers=workers, threads=threads, jobs=jobs)


def run_server(
    settings: Settings, host: str, port: int, *, workers: int = 1, threads: int = 8, jobs: bool = True
) -> None:
    """Migrate, then serve until stopped; refuses demo keys on an address that others can reach."""
    if settings.has_demo_keys and not is_loopback(host):
        raise click.ClickException(
            f"the demo keys are known to everybody, so they are not served on {host}."
            " Run `cardqueue init` for keys of your own, or serve on 127.0.0.1."
        )
    _refuse_taken_port(host, port)
    app = build_app(settings)
    migrate_database(app)
    if sys.platform == "win32":
        _serve_waitress(app, settings, host, port, threads, jobs)
    else:
        _serve_gunicorn(app, settings, host, port, workers, threads, jobs)


def _refuse_taken_port(host: str, port: int) -> None:
    with contextlib.closing(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {host}:{port} ({error.strerror}). Stop the other program, or choose --port."
            ) from error


def start_leader(app: Flask, settings: Settings) -> Any:
    """Start the thread that runs timed work when this process leads."""
    from cardqueue.core.jobs import Leader

    leader = Leader(app, str(settings.data_dir / "leader.lock"))
    leader.start()
    return leader


def _serve_waitress(app: Flask, settings: Settings, host: str, port: int, threads: int, jobs: bool) -> None:
    import waitress

    if jobs:
        start_leader(app, settings)
    waitress.serve(app, host=host, port=port, threads=threads)


def _serve_gunicorn(
    app: Flask, settings: Settings, host: str, port: int, workers: int, threads: int, jobs: bool
) -> None:
    from gunicorn.app.base import BaseApplication

    from cardqueue.core.database import db

    def after_fork(_server: object, _worker: object) -> None:
        # A connection must not be shared across a fork; each worker opens its own.
        with app.app_context():
            db.engine.dispose(close=False)
        # What the application is made of stays for good; looking through it for garbage would hold somebody up.
        gc.freeze()
        if jobs:
            start_leader(app, settings)

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn with our settings instead of a file of its own."""

        def load_config(self) -> None:
            """Hand the options over."""
            options = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "post_fork": after_fork,
                "timeout": 120,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "control_socket_disable": True,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            """The application."""
            return app

    Server().run()


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--data-dir", type=click.Path(path_type=Path), default=Path("instance/demo"), show_default=True)
def demo(port: int, data_dir: Path) -> None:
    """Serve a fictitious commune in the second day of its exchange; its database is a file of its own."""
    from cardqueue.demo.seed import ACCOUNTS, PASSWORD

    # Whatever database the environment names stays untouched: the demo has its own folder and the published keys.
    settings = read_settings(demo_environment(data_dir.resolve()))
    _refuse_taken_port("127.0.0.1", port)
    app = build_app(settings)
    migrate_database(app)
    _seed(app, settings)
    click.echo(f"\nhttp://127.0.0.1:{port}\n")
    for account in ACCOUNTS:
        click.echo(f"  {account.username:<14} {PASSWORD}   {account.role:<15} {account.full_name}")
    click.echo(f"\nEverybody here is fictitious. Office files to try an import with: {settings.data_dir / 'files'}")
    click.echo("Stop with Ctrl+C; the data stays.")
    run_server(settings, "127.0.0.1", port)


def _seed(app: Flask, settings: Settings) -> None:
    from cardqueue.core.database import db, writing
    from cardqueue.demo.seed import is_seeded, seed_demo
    from cardqueue.lib.clock import now_at

    with app.app_context():
        if is_seeded(db.session()):
            return
        click.echo("Making the demo commune ...")
        with writing(db.session()) as session:
            seed_demo(session, settings.data_dir, at=now_at())


@click.command()
def worker() -> None:
    """Run timed work in a process of its own."""
    settings = settings_or_exit()
    leader = start_leader(build_app(settings), settings)
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    click.echo(f"Working. Files in {os.environ.get(DATA_DIR, settings.data_dir)}.")
    stopped.wait()
    leader.stop()
    leader.join(timeout=30)
