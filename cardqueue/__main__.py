"""The `cardqueue` command: every subcommand lives with its feature and is loaded only when it is called."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from dotenv import dotenv_values

from cardqueue import __version__

if TYPE_CHECKING:
    from flask import Flask

COMMANDS = {
    "init": "cardqueue.server:init",
    "serve": "cardqueue.server:serve",
    "worker": "cardqueue.server:worker",
    "migrate": "cardqueue.server:migrate",
    "create-admin": "cardqueue.server:create_admin",
    "check-audit": "cardqueue.server:check_audit",
    "demo": "cardqueue.server:demo",
    "demo-data": "cardqueue.demo.cli:demo_data",
    "read-roster": "cardqueue.roster.cli:read_roster",
    "compare-lists": "cardqueue.cleaning.cli:compare_lists",
    "plan": "cardqueue.scheduling.cli:plan",
    "match": "cardqueue.verification.cli:match",
    "estimate-parameters": "cardqueue.verification.parameters_cli:estimate_parameters",
    "registry": "cardqueue.verification.registry_cli:registry",
    "simulate": "cardqueue.scheduling.cli:simulate",
}


class LazyGroup(click.Group):
    """Loads a command's module when the command is called: reading a list needs neither Flask nor a database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cardqueue")
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings file written by `cardqueue init` (default: ./cardqueue.env when it exists).",
)
@click.pass_context
def main(ctx: click.Context, settings_file: Path | None) -> None:
    """A commune's party-card exchange, from an Excel list to a card in the hand, with nobody queueing."""
    path = settings_file or Path("cardqueue.env")
    if settings_file is not None and not path.is_file():
        raise click.BadParameter(f"{path} does not exist; `cardqueue init` writes one.", param_hint="--settings")
    if path.is_file():
        for name, value in dotenv_values(path).items():
            os.environ.setdefault(name, value or "")
    ctx.obj = _build_app


def _build_app() -> Flask:
    """What a command asks for when it needs the database."""
    from cardqueue.server import build_app, settings_or_exit

    return build_app(settings_or_exit())


if __name__ == "__main__":
    main()
