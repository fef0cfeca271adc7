"""`cardqueue demo-data`: writes the demo commune's office files."""

from __future__ import annotations

from pathlib import Path

import click

from cardqueue.demo.errors import Planting
from cardqueue.demo.files import write_demo
from cardqueue.demo.people import CELLS, MEMBERS, make_commune, make_residents
from cardqueue.demo.planting import plant


@click.command("demo-data")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="New or empty folder for the files."
)
@click.option("--seed", default=1, show_default=True, help="Another seed gives other people.")
@click.option("--members", default=MEMBERS, show_default=True, help="Members who count.")
@click.option("--cells", type=int, help=f"Cells (chi bộ)  [default: {CELLS} per {MEMBERS} members]")
@click.option("--residents", default=3000, show_default=True, help="Other people in the population extract.")
@click.option("--flawless", is_flag=True, help="Plant no errors.")
@click.option("--replace", is_flag=True, help="Replace a folder that this command has written before.")
def demo_data(
    out: Path, seed: int, members: int, cells: int | None, residents: int, flawless: bool, replace: bool
) -> None:
    """Write fictitious office files: lists in three Excel layouts, a population extract, and what is wrong in them."""
    if members < 1 or residents < 0:
        raise click.ClickException("--members must be at least 1 and --residents at least 0.")
    try:
        commune = make_commune(seed, members=members, cells=cells)
        planting = Planting.none() if flawless else Planting()
        office = plant(commune, make_residents(commune, residents), planting)
        folder = write_demo(office, out, replace=replace)
    except FileExistsError as error:
        raise click.ClickException(f"{error}. Choose another folder, or --replace one that demo-data wrote.") from error
    except OSError as error:
        raise click.ClickException(f"The files cannot be written: {error}") from error
    except ValueError as error:
        raise click.ClickException(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    click.echo(
        f"{folder}: {len(commune.members)} members in {len(commune.cells)} cells, {len(commune.outside)} outside the "
        f"count, {len(office.population)} people in the extract. All of them are fictitious."
    )
