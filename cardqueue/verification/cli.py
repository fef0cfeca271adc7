"""``cardqueue match``: a roster against a registry, as the pages do it, for province offices and for measuring."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click

from cardqueue.verification.engine.databases import DatabaseFailed
from cardqueue.verification.engine.estimating import parameters_from
from cardqueue.verification.engine.files import check_target, write_decisions
from cardqueue.verification.engine.posterior import ASSUMED, OUTSIDE_SHARE, Parameters
from cardqueue.verification.engine.running import Matching
from cardqueue.verification.engine.tables import BadFile

BAD_FILE = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _postgresql_url(ctx: click.Context, option: click.Parameter, url: str | None) -> str | None:
    if url and not url.startswith(("postgresql://", "postgresql+psycopg://")):
        raise click.BadParameter("postgresql://… expected; without it a private file is used.")
    return url


def _parameters(ctx: click.Context, option: click.Parameter, path: Path | None) -> Parameters:
    if path is None:
        return ASSUMED
    try:
        return parameters_from(json.loads(path.read_text("utf-8")))
    except (ValueError, OSError, RecursionError) as error:
        raise click.BadParameter(f"{path}: {error}") from None


@click.command()
@click.option("--roster", required=True, type=FILE, help="The members, as CSV: row_id, ho_ten, ngay_sinh, …")
@click.option("--registry", required=True, type=FILE, help="The population records, as CSV: so_dinh_danh, ho_ten, …")
@click.option("--cells", type=FILE, help="The old list, as CSV: so_the_dang, chi_bo; names members in another cell.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The CSV file to write.")
@click.option(
    "--database",
    callback=_postgresql_url,
    help="postgresql://user@host/name: where temporary tables do the work; by default a private file on this machine.",
)
@click.option(
    "--parameters",
    callback=_parameters,
    type=FILE,
    help="How often people and their records agree, as `cardqueue estimate-parameters --out` writes it.",
)
@click.option(
    "--outside",
    show_default=f"{OUTSIDE_SHARE}, or as the parameters say",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="The share of members expected outside the registry, such as 0.05 for one commune's extract.",
)
def match(
    *,
    roster: Path,
    registry: Path,
    cells: Path | None,
    out: Path,
    database: str | None,
    parameters: Parameters,
    outside: float | None,
) -> None:
    """Find every member of ROSTER in REGISTRY, and name the fields in which the two differ.

    A bad file ends with exit code 2 and one line per fault, twenty at most; nothing is written then. The records stand
    in a private file while the command runs (TMPDIR says where; about 250 MB per million), or in temporary tables of a
    PostgreSQL server, and nowhere afterwards.
    """
    if out.exists() and any(out.samefile(given) for given in (roster, registry, cells) if given):
        raise click.BadParameter(f"{out} is one of the files to read.", param_hint="--out")
    if outside is not None:
        parameters = replace(parameters, outside_share=outside)
    try:
        check_target(out)
        with Matching(parameters, database) as matching:
            matching.load(roster, registry, cells)
            counts = matching.run()
            write_decisions(out, matching.decisions())
    except BadFile as bad:
        _refuse(*map(str, bad.faults))
    except DatabaseFailed as failed:
        _refuse(str(failed))
    except OSError as error:
        _refuse(f"{out}: {error.strerror or error}")
    click.echo(", ".join(f"{counts[status]} {status}" for status in counts) + f": {out}")


def _refuse(*messages: str) -> NoReturn:
    for message in messages:
        click.echo(message, err=True)
    raise SystemExit(BAD_FILE)
