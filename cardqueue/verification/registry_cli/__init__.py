"""``cardqueue registry``: what is done with population records from the command line.

Commands of the police's machine load neither Flask nor a database; the others load them when they run.
"""

import click

from cardqueue.verification.registry_cli.hash import hash_extract
from cardqueue.verification.registry_cli.importing import import_file
from cardqueue.verification.registry_cli.keys import destroy_key, keep_key, make_key
from cardqueue.verification.registry_cli.purge import purge
from cardqueue.verification.registry_cli.status import status


@click.group()
def registry() -> None:
    """Population records: importing them, what stands there, purging; hash-only hand-overs and their keys."""


for command in (import_file, status, purge, make_key, hash_extract, keep_key, destroy_key):
    registry.add_command(command)
