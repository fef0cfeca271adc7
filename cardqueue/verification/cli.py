"""``cardqueue match``: a roster against a registry, as the pages do it, for province offices and for measuring."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from cardqueue.verification.engine.files import check_target, write_decisions
from cardqueue.verification.engine.posterior import ASSUMED, OUTSIDE_SHARE
from cardqueue.verification.engine.running import Matching
from cardqueue.verification.engine.tables import BadFile

BAD_FILE = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--roster", required=True, type=FILE, help="The members, as CSV: row_id, ho_ten, ngay_sinh, …")
@click.option("--registry", required=True, type=FILE, help="The population records, as CSV: so_dinh_danh, ho_ten, …")
@click.option("--cells", type=FILE, help="The old list, as CSV: so_the_dang, chi_bo; names members in another cell.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The CSV file to write.")
@click.option(
    "--outside",
    default=OUTSIDE_SHARE,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="The share of members expected outside the registry, such as 0.05 for one commune's extract.",
)
def match(roster: Path, registry: Path, cells: Path | None, out: Path, outside: float) -> None:
    """Find every member of ROSTER in REGISTRY, and name the fields in which the two differ.

    A bad file ends with exit code 2 and one line per fault; nothing is written then. The records stand in a temporary
    database on disk while the command runs (TMPDIR says where; about 250 MB per million) and nowhere afterwards.
    """
    if out.exists() and any(out.samefile(given) for given in (roster, registry, cells) if given):
        raise click.BadParameter(f"{out} is one of the files to read.", param_hint="--out")
    try:
        check_target(out)
        with Matching(replace(ASSUMED, outside_share=outside)) as matching:
            matching.load(roster, registry, cells)
            counts = matching.run()
            write_decisions(out, matching.decisions())
    except BadFile as bad:
        for fault in bad.faults:
            click.echo(str(fault), err=True)
        raise SystemExit(BAD_FILE) from None
    except sqlite3.Error as error:
        click.echo(f"the temporary database in {tempfile.gettempdir()}: {error}", err=True)
        raise SystemExit(BAD_FILE) from None
    except OSError as error:
        click.echo(f"{out}: {error.strerror or error}", err=True)
        raise SystemExit(BAD_FILE) from None
    click.echo(", ".join(f"{counts[status]} {status}" for status in counts) + f": {out}")
