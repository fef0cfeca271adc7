"""Every component and layout, read by a strict parser."""

from __future__ import annotations

import re
from collections import Counter

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from cardqueue.core.paths import PACKAGE
from tests.gallery import create_gallery

PAGES = ["/", "/loi", "/bao-loi", "/xac-nhan", "/bang"]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    client = create_gallery().test_client()
    return {path: read(client, path) for path in PAGES}


def read(client: FlaskClient, path: str) -> str:
    with client.get(path) as answer:
        assert answer.status_code < 500
        return answer.get_data(as_text=True)


@pytest.fixture(params=PAGES)
def document(request: pytest.FixtureRequest, pages: dict[str, str]) -> BeautifulSoup:
    html5lib.HTMLParser(strict=True).parse(pages[request.param])
    return BeautifulSoup(pages[request.param], "html5lib")


def test_a_page_has_a_language_a_title_and_one_heading(document: BeautifulSoup) -> None:
    html = document.html
    assert html is not None
    assert html["lang"] == "vi"
    assert document.title is not None
    assert document.title.get_text(strip=True)
    assert len(document.find_all("h1")) == 1


def test_nothing_is_inline(document: BeautifulSoup) -> None:
    assert not document.find_all(style=True)
    assert not document.find_all("style")
    assert not [tag for tag in document.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert all(script.get("src") for script in document.find_all("script"))


def test_ids_are_unique_and_every_reference_leads_somewhere(document: BeautifulSoup) -> None:
    ids = Counter(str(tag["id"]) for tag in document.find_all(id=True))
    assert [id_ for id_, count in ids.items() if count > 1] == []
    referring = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget")
    references = {
        word for tag in document.find_all(True) for name in referring for word in str(tag.get(name, "")).split()
    }
    anchors = {str(tag["href"])[1:] for tag in document.find_all("a", href=re.compile("^#"))}
    assert (references | anchors) - ids.keys() == set()


def test_every_field_has_a_label(document: BeautifulSoup) -> None:
    labelled = {label.get("for") for label in document.find_all("label")}
    fields = [field for field in document.find_all(["input", "select", "textarea"]) if field.get("type") != "hidden"]
    assert [field for field in fields if field.get("id") not in labelled] == []


def test_every_posting_form_carries_the_token(document: BeautifulSoup) -> None:
    forms = document.find_all("form", method="post")
    assert [form for form in forms if not form.find("input", attrs={"name": "csrf_token", "value": True})] == []


def test_an_error_stands_in_the_title_in_the_summary_and_at_its_field(pages: dict[str, str]) -> None:
    page = BeautifulSoup(pages["/loi"], "html5lib")
    assert page.title is not None
    assert page.title.get_text().startswith("Lỗi: ")
    born_on = page.find(id="born_on")
    assert isinstance(born_on, Tag)
    assert born_on["aria-describedby"] == "born_on-hint born_on-error"
    assert born_on["aria-invalid"] == "true"
    summary = page.select_one(".govuk-error-summary")
    message = page.find(id="born_on-error")
    assert summary is not None
    assert message is not None
    sentence = "Ngày sinh phải có đủ ngày, tháng, năm – ví dụ 02/01/1950."
    assert sentence in summary.get_text()
    assert sentence in message.get_text()


def test_typed_text_is_escaped_and_kept(pages: dict[str, str]) -> None:
    field = BeautifulSoup(pages["/loi"], "html5lib").find(id="full_name")
    assert isinstance(field, Tag)
    assert field["value"] == "<b>&'\""


def test_every_shipped_asset_that_a_page_names_exists(pages: dict[str, str]) -> None:
    client = create_gallery().test_client()
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', "".join(pages.values())))
    style = read(client, "/static/css/app.css")
    assets |= {"/static/css/" + url.strip("\"'") for url in re.findall(r"url\(([^)]+)\)", style) if "data:" not in url}
    assert len(assets) >= 7
    assert [asset for asset in assets if not (PACKAGE / asset.removeprefix("/")).resolve().is_file()] == []


def test_no_font_or_emblem_licensed_to_gov_uk_is_shipped() -> None:
    style = read(create_gallery().test_client(), "/static/css/app.css")
    assert "GDS Transport" not in style
    assert "crest" not in style
    assert "crown" not in style
