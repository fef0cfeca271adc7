"""One exchange with everybody who works in it: their browsers, the commune's calendar, and the hours nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
import time_machine
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from cardqueue.accounts.models import User
from cardqueue.accounts.services import Unit, create_account
from cardqueue.cases.models import PendingReason
from cardqueue.core.access import Role
from cardqueue.core.audit import act_as
from cardqueue.core.database import db, writing
from cardqueue.counter.jobs import mark_no_shows
from cardqueue.counter.services import Desk
from cardqueue.demo.day import play_day
from cardqueue.demo.people import Person
from cardqueue.demo.planting import Office
from cardqueue.demo.truth import AT_THE_COUNTER, find_evening_pending, find_member_ids, settle_checks
from cardqueue.lib.clock import from_local, now_at
from cardqueue.organisation.models import Campaign, Committee, Line
from cardqueue.scheduling.models import Appointment, AppointmentState
from tests.browsers import change_password, sign_in

PASSWORD = "mat-khau-rieng-1"


@dataclass
class Exchange:
    """The commune's exchange: two days, `first_on` and the day after, and a third one for those who are left."""

    app: Flask
    address: str
    clock: time_machine.Traveller
    open_page: Callable[[], Page]
    office: Office
    files: Path
    first_on: date
    first_passwords: dict[str, str] = field(default_factory=dict)
    pending: Mapping[int, PendingReason] = field(default_factory=dict)

    def day_on(self, days: int) -> date:
        """A day of the exchange; 0 is the first one."""
        return self.first_on + timedelta(days=days)

    def go_to(self, days: int, at: time) -> datetime:
        """Let the time come."""
        instant = from_local(self.day_on(days), at)
        self.clock.move_to(instant)
        return instant

    def enter(self, username: str) -> Page:
        """The page of somebody who has just signed in."""
        page = self.open_page()
        sign_in(page, self.address, username, PASSWORD)
        return page

    def enter_first(self, username: str) -> Page:
        """The same the first time: with the password on the slip of paper, which has to be changed."""
        page, given = self.open_page(), self.first_passwords[username]
        sign_in(page, self.address, username, given)
        change_password(page, given, PASSWORD)
        return page

    @contextmanager
    def database(self, actor: str) -> Iterator[Session]:
        """A transaction of what is done without a browser."""
        with self.app.app_context(), writing(db.session()) as session:
            act_as(session, actor)
            yield session

    def create_admin(self, username: str) -> None:
        """What `cardqueue create-admin` does."""
        with self.database("command line") as session:
            create_account(
                session, username=username, full_name="Quản trị viên", role=Role.ADMIN, unit=Unit(), password=PASSWORD
            )

    def campaign(self, session: Session) -> Campaign:
        """The one campaign."""
        return session.scalars(sa.select(Campaign)).one()

    def committee(self, session: Session) -> Committee:
        """The one committee."""
        return session.scalars(sa.select(Committee)).one()

    def members_with(self, kind: str) -> list[tuple[int, Person]]:
        """The members with a planted error of a kind: their ids, and who they truly are."""
        people = {person.key: person for person in self.office.commune.people}
        with self.database("test") as session:
            ids = find_member_ids(session, self.office, self.committee(session).id)
        return [(ids[key], people[key]) for key in self.office.planted[kind] if key in ids]

    def settle_checks_but(self, reasons: Collection[PendingReason]) -> None:
        """The officers' days at the worklist: all is decided that is not left for these reasons in the evening."""
        left = {member_id for member_id, reason in self.pending.items() if reason in reasons}
        with self.database("canbo1") as session:
            campaign, committee = self.campaign(session), self.committee(session)
            settle_checks(session, campaign, self.office, committee.id, leave=left, at=now_at())

    def mark_no_shows(self) -> None:
        """What the timer does when a window has ended."""
        with self.database("job:counter.mark_no_shows") as session:
            mark_no_shows(session, now_at())

    def know_the_evening(self) -> None:
        """Look up who will still be pending when the second day ends."""
        with self.database("test") as session:
            self.pending = find_evening_pending(session, self.office, self.committee(session).id)

    def appointments(self, session: Session, days: int) -> list[Appointment]:
        """The appointments in force on a day, the earliest first."""
        wanted = sa.select(Appointment).where(
            Appointment.state == AppointmentState.ACTIVE, Appointment.day_on == self.day_on(days)
        )
        return list(session.scalars(wanted.order_by(Appointment.arrive_at, Appointment.id)))

    def play(self, days: int, *, pending: Mapping[int, PendingReason]) -> None:
        """Let a whole day happen: whoever is pending does not come, or cannot be served."""
        unable = {member_id: reason for member_id, reason in pending.items() if reason in AT_THE_COUNTER}
        with self.database("canbo1") as session:
            officers = session.scalars(sa.select(User).where(User.role == Role.OFFICER).order_by(User.id)).all()
            lines = session.scalars(sa.select(Line).order_by(Line.number)).all()
            play_day(
                session,
                [Desk(line.station_id, officer.id, line.id) for officer, line in zip(officers, lines, strict=True)],
                self.appointments(session, days),
                absent=frozenset(pending) - frozenset(unable),
                unable=unable,
                until=from_local(self.day_on(days), time(23)),
                rng=Random(days),
            )
