"""``cardqueue registry``: what is done with population records from the command line.

Commands of the police's machine load neither Flask nor a database; the others load them when they run.
"""

import click

from cardqueue.verification.registry_cli.hash import hash_extract
from cardqueue.verification.registry_cli.keys import destroy_key, keep_key, make_key


@click.group()
def registry() -> None:
    """Hash-only hand-overs of population records and their keys."""


for command in (make_key, hash_extract, keep_key, destroy_key):
    registry.add_command(command)
