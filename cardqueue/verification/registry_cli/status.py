"""``cardqueue registry status``: which records the database holds, and how far imports have come."""

from __future__ import annotations

import click


@click.command()
def status() -> None:
    """List the extracts of population records that are in force, on their way, or failed."""
    import sqlalchemy as sa
    from sqlalchemy.orm import joinedload

    from cardqueue.core.commands import opened_database
    from cardqueue.verification.models import ExtractState, PopulationExtract

    with opened_database() as session:
        query = (
            sa.select(PopulationExtract)
            .options(joinedload(PopulationExtract.campaign), joinedload(PopulationExtract.station))
            .where(PopulationExtract.state != ExtractState.PURGED)
            .order_by(PopulationExtract.campaign_id, PopulationExtract.station_id, PopulationExtract.id)
        )
        extracts = session.scalars(query).all()
        for one in extracts:
            state = "in force" if one.is_in_force else str(one.state)
            if one.state == ExtractState.LOADING and one.byte_count:
                state = f"loading {100 * one.read_count // one.byte_count} %"
            click.echo(
                f"{one.campaign.name}\t{one.station.name}\t{one.registry_name}\t{state}\t{one.record_count:,} people\t"
                f"{one.filename}\t{one.imported_by}\t{one.imported_at:%Y-%m-%d %H:%M} UTC"
            )
        if not extracts:
            click.echo("There are no population records.", err=True)
