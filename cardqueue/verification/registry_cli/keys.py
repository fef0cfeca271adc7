"""Keys of hash-only hand-overs: made on the police's machine, brought to the server, destroyed at the end."""

from __future__ import annotations

from pathlib import Path

import click

from cardqueue.verification.handover.hashing import HandoverKey, KeyFault, UnreadableKey, new_key, read_key, write_key
from cardqueue.verification.registry_cli.refusals import said_of_refusal

_FAULTS = {
    KeyFault.EMPTY: "the file is empty",
    KeyFault.NOT_A_KEY: "expected a key file as `cardqueue registry new-key` writes it: 32 bytes in base64",
    KeyFault.MISTYPED: "the key does not have the fingerprint that stands beside it: letters were lost or changed",
}


@click.command("new-key")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The key file to write.")
@click.option("--campaign", default="", help="The name of the campaign that the key is for.")
def make_key(out: Path, campaign: str) -> None:
    """Write a fresh key for one hand-over of one campaign, readable by its owner alone.

    Whoever has the key can try out every number there is. It goes to the committee's server by another road than the
    hand-over, once, and is destroyed on this machine afterwards.
    """
    key = new_key(campaign)
    try:
        write_key(out, key)
    except FileExistsError:
        raise click.ClickException(f"{out} exists already; a key is never overwritten.") from None
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}") from None
    click.echo(f"Wrote {out}. Its fingerprint, to compare by telephone: {key.fingerprint}")


@click.command("keep-key")
@click.argument("key_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", required=True, help="The campaign's name or number.")
def keep_key(key_file: Path, campaign: str) -> None:
    """Bring a key to this server, as the page does; the given file is left where it is."""
    from cardqueue.core.audit import act_as
    from cardqueue.core.commands import open_app
    from cardqueue.core.database import db, writing
    from cardqueue.core.errors import Refused
    from cardqueue.verification.registry_cli.places import find_campaign
    from cardqueue.verification.services import handovers

    key = read_key_file(key_file)
    with open_app().app_context():
        try:
            with writing(db.session()) as session:
                act_as(session, "command line")
                found = find_campaign(session, campaign)
                handovers.keep_key(session, found, key)
        except Refused as refused:
            raise click.ClickException(said_of_refusal(refused)) from None
        click.echo(f"Kept the key {key.fingerprint} for {found.name}. Delete {key_file} now.")


@click.command("destroy-key")
@click.option("--campaign", required=True, help="The campaign's name or number.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy_key(campaign: str, yes: bool) -> None:
    """Destroy a campaign's keys on this server, with all hashed records that were made under them."""
    from cardqueue.core.audit import act_as
    from cardqueue.core.commands import open_app
    from cardqueue.core.database import db, writing
    from cardqueue.lib.clock import now_at
    from cardqueue.verification.registry_cli.places import find_campaign
    from cardqueue.verification.services import handovers

    with open_app().app_context():
        session = db.session()
        found = find_campaign(session, campaign)
        if not yes:
            click.confirm(f"Destroy the keys and hashed records of {found.name} for good?", abort=True)
        with writing(session):
            act_as(session, "command line")
            destroyed = handovers.destroy(session, found.id, now_at())
        click.echo(f"Destroyed {destroyed.key_count} keys and {destroyed.record_count:,} hashed records.")


def read_key_file(path: Path) -> HandoverKey:
    """The key in a file; what is wrong with it ends the command."""
    try:
        return read_key(path.read_text(encoding="utf-8"))
    except UnreadableKey as error:
        raise click.ClickException(f"{path}: {_FAULTS[error.fault]}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: {error}") from None
