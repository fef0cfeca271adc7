"""The pictures of the README, of the demo commune amid its day. `make screenshots` keeps them in docs/pictures."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from cardqueue.cases.models import Case, CaseState
from cardqueue.core.database import db
from cardqueue.counter.models import Visit
from cardqueue.demo.files import L1_NAME
from cardqueue.demo.seed import FILES_FOLDER, PASSWORD
from cardqueue.lib.clock import now_at
from cardqueue.scheduling.models import Appointment, AppointmentState
from cardqueue.verification.models import Check, CheckStatus
from tests.browsers import expect_card, open_part, scan, sign_in

README = Path(__file__).resolve().parents[2] / "README.md"
WIDTH, HEIGHT = 1100, 1200
MOST_BYTES = 300_000


@dataclass
class Album:
    """Pictures in a folder, small enough for a repository."""

    folder: Path
    names: set[str] = field(default_factory=set)

    def take(self, page: Page, name: str, *, height: int = HEIGHT, top: Locator | None = None) -> None:
        """Keep the top of a page, or what stands from `top` on."""
        box = top.bounding_box() if top else None
        picture = page.screenshot(full_page=True)
        self.keep(Image.open(io.BytesIO(picture)), name, top=int(box["y"]) - 20 if box else 0, height=height)

    def keep(self, image: Image.Image, name: str, *, top: int = 0, height: int = HEIGHT) -> None:
        """Keep a part of a drawing. A screen has few colours: a palette of them looks the same and takes a third."""
        part = image.convert("RGB").crop((0, top, image.width, min(top + height, image.height)))
        self.folder.mkdir(parents=True, exist_ok=True)
        part.quantize(128).save(self.folder / f"{name}.png", optimize=True)
        self.names.add(f"{name}.png")


@pytest.fixture
def album(tmp_path: Path) -> Album:
    """The folder that `make screenshots` names, or one that is thrown away."""
    return Album(Path(os.environ.get("SCREENSHOTS_DIR") or tmp_path / "pictures"))


def test_the_pictures_of_the_readme_are_taken_from_the_demo(
    demo_app: Flask, serve: Callable[[Flask], str], open_page: Callable[[], Page], seeded_demo: Path, album: Album
) -> None:
    address = serve(demo_app)
    with demo_app.app_context():
        coming = next_members(4)
        different = db.session.scalars(
            sa.select(Check.member_id).where(Check.blocks, Check.status == CheckStatus.MISMATCH)
        ).first()

    committee = open_page()
    committee.set_viewport_size(ViewportSize(width=WIDTH, height=800))
    sign_in(committee, address, "danguy", PASSWORD)
    album.take(committee, "dashboard", height=1400)
    open_part(committee, "Lịch hẹn")
    album.take(committee, "plan", top=committee.locator(".govuk-body-l"), height=1400)
    slip = committee.context.request.get(f"{address}/slips/members/{coming[-1][0]}").body()
    album.keep(pypdfium2.PdfDocument(slip)[0].render(scale=2).to_pil(), "slip")
    committee.goto(f"{address}/roster/imports/new")
    committee.get_by_label("Tệp danh sách đảng viên").set_input_files(seeded_demo / FILES_FOLDER / L1_NAME)
    for button in ("Tải tệp lên", "Tiếp tục", "Kiểm tra danh sách"):
        committee.get_by_role("button", name=button).click()
    expect(committee.get_by_role("heading", level=1)).to_contain_text("bước 4 trên 5")
    album.take(committee, "import")

    officer = open_page()
    officer.set_viewport_size(ViewportSize(width=WIDTH, height=800))
    sign_in(officer, address, "canbo", PASSWORD)
    officer.goto(f"{address}/verify/{different}")
    album.take(officer, "verification")
    open_part(officer, "Quầy tiếp nhận")
    officer.get_by_label("Dây chuyền 1").check()
    officer.get_by_role("button", name="Vào quầy").click()
    for _member_id, code in coming:
        scan(officer, code)
    expect_card(officer, "Đúng giờ hẹn")
    album.take(officer, "counter")

    assert album.names == set(re.findall(r"docs/pictures/(\w+\.png)", README.read_text(encoding="utf-8")))
    too_big = {path.name for path in album.folder.glob("*.png") if path.stat().st_size > MOST_BYTES}
    assert not too_big


def next_members(count: int) -> list[tuple[int, str]]:
    """The members whose turn is next and who have not come: who they are, and the codes of their slips."""
    found = db.session.execute(
        sa.select(Appointment.member_id, Appointment.code)
        .join(Case, Case.member_id == Appointment.member_id)
        .where(
            Case.state == CaseState.NOT_YET,
            Appointment.state == AppointmentState.ACTIVE,
            Appointment.arrive_at > now_at(),
            Appointment.member_id.not_in(sa.select(Visit.member_id)),
        )
        .order_by(Appointment.arrive_at, Appointment.id)
        .limit(count)
    )
    return [(member_id, code) for member_id, code in found]
