"""``cardqueue estimate-parameters``: what officers decided teaches the matching, once a person has agreed."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cardqueue.verification.engine.estimating import PRIOR_PAIRS, Seen, values_of
from cardqueue.verification.engine.posterior import Parameters

if TYPE_CHECKING:
    from cardqueue.verification.services.parameters import Effect, Estimate


@click.command("estimate-parameters")
@click.option("--yes", is_flag=True, help="Accept without asking.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the estimated parameters into this file, for `cardqueue match --parameters`, and accept nothing.",
)
def estimate_parameters(*, yes: bool, out: Path | None) -> None:
    """Estimate from officers' decisions how often a member and their record agree to each level.

    Prints what holds and what would hold, level by level, and what that would change for the members who wait for a
    decision; then asks. No parameter ever makes a match: they only rank candidates and say how sure a proposal is.
    """
    from cardqueue.core.audit import act_as
    from cardqueue.core.commands import open_app
    from cardqueue.core.database import db, writing
    from cardqueue.lib.clock import now_at
    from cardqueue.verification.services import parameters

    app = open_app()
    with app.app_context():
        found = parameters.estimate_parameters(db.session())
        for line in report(found):
            click.echo(line)
        db.session.rollback()
        if out is not None:
            _write(out, found)
            click.echo(f"Written to {out}; nothing was accepted.")
            return
        if not found.seen.confirmed and not found.seen.nobody:
            click.echo("Nobody has decided anything yet: nothing to learn from.")
            return
        if not yes and not click.confirm("Use the estimated parameters from now on?"):
            click.echo("Nothing was changed.")
            return
        with writing(db.session()) as session:
            act_as(session, f"command line ({getpass.getuser()})"[:64])
            accepted = parameters.accept_parameters(session, found, now_at())
            click.echo(f"Parameters {accepted.id} hold from now on.")


def _write(out: Path, found: Estimate) -> None:
    try:
        out.write_text(json.dumps(values_of(found.after), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}") from None


def report(found: Estimate) -> Iterator[str]:
    """What a person should see before agreeing."""
    yield from _said_of(found.seen)
    yield f"{'':24}{'holds':>10}{'estimated':>12}{'pairs seen':>12}"
    for part in ("name", "date", "number", "sex"):
        yield from _levels(part, found.before, found.after, found.seen)
    yield f"{'outside the records':24}{found.before.outside_share:10.4f}{found.after.outside_share:12.4f}"
    yield from _changes(found.effect)


def _said_of(seen: Seen) -> Iterator[str]:
    yield (
        f"{seen.confirmed} pairs confirmed, {seen.nobody} members whom none of the records was; "
        f"{seen.undecided} wait ({seen.decided_share:.0%} decided)."
    )
    yield f"{seen.matched} members matched by themselves; {seen.counted_matches:.0f} of them count beside the decided."
    yield f"The assumed values weigh as much as {PRIOR_PAIRS} pairs."


def _levels(part: str, before: Parameters, after: Parameters, seen: Seen) -> Iterator[str]:
    old: Mapping[IntEnum, float] = getattr(before, part)
    new: Mapping[IntEnum, float] = getattr(after, part)
    for level in sorted(old, reverse=True):
        count = seen.levels.get(part, {}).get(level, 0)
        yield f"{part + ' ' + level.name.lower():24}{old[level]:10.4f}{new[level]:12.4f}{count:12}"


def _changes(effect: Effect) -> Iterator[str]:
    yield f"Of {effect.waiting} members who wait with candidates:"
    yield f"  {effect.bolder} have one who would become sure enough to propose, {effect.shyer} one who would not"
    yield f"  {effect.appear} have one who would come into sight, {effect.vanish} one who would go out of it"
    yield f"  {effect.reordered} would see another candidate first"
