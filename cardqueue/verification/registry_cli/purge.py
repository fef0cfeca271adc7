"""``cardqueue registry purge``: population records deleted for good."""

from __future__ import annotations

import click


@click.command()
@click.option("--station", required=True, help="The station's name or number.")
@click.option("--campaign", required=True, help="The campaign's name or number.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(station: str, campaign: str, yes: bool) -> None:
    """Delete the population records of a station in a campaign, and whatever was on its way; decisions stay."""
    import sqlalchemy as sa

    from cardqueue.core.commands import opened_database
    from cardqueue.core.database import writing
    from cardqueue.lib.clock import now_at
    from cardqueue.verification.models import PopulationExtract
    from cardqueue.verification.registry_cli.places import find_campaign, find_station
    from cardqueue.verification.services.extracts import discard_unfinished, purge_extract

    with opened_database() as session:
        at_station, in_campaign = find_station(session, station), find_campaign(session, campaign)
        if not yes:
            click.confirm(f"Delete the population records of {at_station.name} for good?", abort=True)
        with writing(session):
            discard_unfinished(session, in_campaign.id, at_station.id)
            in_force = session.scalars(
                sa.select(PopulationExtract).where(
                    PopulationExtract.campaign_id == in_campaign.id,
                    PopulationExtract.station_id == at_station.id,
                    PopulationExtract.is_in_force,
                )
            ).all()
            count = sum(purge_extract(session, one, now_at()) for one in in_force)
        click.echo(f"{count:,} people deleted.")
