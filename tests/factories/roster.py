"""The office's lists of the demo commune, and the wizard driven as a person drives it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cardqueue.demo.errors import Planting
from cardqueue.demo.files import write_demo
from cardqueue.demo.people import make_commune, make_residents
from cardqueue.demo.planting import plant

L1, L2, L4 = "l1_file_nhap_lieu.xlsx", "l2_danh_sach_xuat.xlsx", "l4_danh_sach_chi_bo.xlsx"
_RANKS = ("valid", "look", "wrong")


@dataclass(frozen=True)
class Lists:
    """The files of a demo commune, and what is planted in them."""

    folder: Path

    def content(self, name: str) -> bytes:
        """A file as it would be uploaded."""
        return (self.folder / name).read_bytes()

    def expected_states(self, name: str) -> dict[tuple[str, int], str]:
        """The state of every labelled row: (sheet, row) → the worst of its labels."""
        states: dict[tuple[str, int], str] = {}
        for line in _table(self.folder / "truth.csv"):
            if line["file"] == name and line["state"]:
                place = line["sheet"], int(line["row"])
                states[place] = max(states.get(place, "valid"), line["state"], key=_RANKS.index)
        return states


def write_lists(folder: Path, *, members: int = 90) -> Lists:
    """A smaller commune than the demo's, so that tests stay quick; every kind of error is planted once."""
    commune = make_commune(1, members=members, cells=6)
    return Lists(write_demo(plant(commune, make_residents(commune, 400), Planting()), folder))


def form_data(answer: TestResponse, path: str) -> dict[str, str | list[str]]:
    """What a browser would send if its form were submitted as shown: the form that posts to `path`."""
    page = BeautifulSoup(answer.get_data(as_text=True), "html5lib")
    form = next(tag for tag in page.find_all("form") if tag.get("action") in (path, "") and tag["method"] == "post")
    data: dict[str, str | list[str]] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name, kind = field.get("name"), field.get("type", "")
        if not name or name == "csrf_token" or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
            continue
        if field.name == "select":
            options = field.find_all("option")
            chosen = [one for one in options if one.has_attr("selected")] or options[:1]
            data[str(name)] = str(chosen[0]["value"]) if chosen else ""
        elif field.name == "textarea":
            data[str(name)] = field.get_text()
        else:
            data[str(name)] = str(field.get("value", "on"))
    return data


def submit(client: FlaskClient, path: str, **changes: str | list[str]) -> TestResponse:
    """Open a page and send its form as shown, with some fields changed."""
    shown = client.get(path)
    assert shown.status_code == 200, shown.text
    return client.post(path, data=form_data(shown, path) | changes)


def upload(client: FlaskClient, name: str, content: bytes) -> TestResponse:
    """Send a file to the wizard."""
    return client.post("/roster/imports/new", data={"file": (io.BytesIO(content), name)})


def import_path(answer: TestResponse) -> str:
    """`/roster/imports/<id>` from where an answer leads."""
    assert answer.status_code == 302, answer.text
    found = re.match(r"/roster/imports/\d+", answer.location)
    assert found, answer.location
    return found[0]


def read_list(client: FlaskClient, name: str, content: bytes) -> str:
    """Go through the steps up to the result, taking every guess; returns the path of the import."""
    path = import_path(upload(client, name, content))
    assert submit(client, f"{path}/sheets").location == f"{path}/columns"
    assert submit(client, f"{path}/columns").location == f"{path}/rows"
    return path


def save_list(client: FlaskClient, path: str, **changes: str | list[str]) -> TestResponse:
    """From the result to the end, each new cell created; returns the last page."""
    shown = client.get(f"{path}/save")
    if shown.status_code == 302:
        data = form_data(client.get(f"{path}/cells"), f"{path}/cells")
        answer = client.post(f"{path}/cells", data={key: value or "create" for key, value in data.items()})
        assert answer.location == f"{path}/save", answer.text
    answer = submit(client, f"{path}/save", **changes)
    assert answer.location == f"{path}/done", answer.text
    return client.get(f"{path}/done")


def tiles(answer: TestResponse) -> dict[str, int]:
    """The numbers of a page's tiles by their label."""
    page = BeautifulSoup(answer.get_data(as_text=True), "html5lib")
    return {
        tile.select_one(".cq-tile__label").get_text(strip=True): int(  # type: ignore[union-attr]
            tile.select_one(".cq-tile__number").get_text(strip=True).replace(".", "")  # type: ignore[union-attr]
        )
        for tile in page.select(".cq-tile")
    }


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
