"""The wheel alone, installed in an empty environment, is the whole product: nothing of the checkout is needed.

The installation is a real one, from the package index under constraints.txt, and takes most of a minute.
"""

from __future__ import annotations

import io
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from cardqueue import __version__
from cardqueue.demo.seed import PASSWORD
from tests.servers import Visitor, free_port, running

ROOT = Path(__file__).resolve().parents[2]

# One worker builds and installs it; two at once would do it twice.
pytestmark = pytest.mark.xdist_group("wheel")


def run(*command: str | Path, cwd: Path) -> str:
    finished = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, f"{command}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    # The build tools of this environment, not a fresh set: what is tested is the wheel.
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    [made] = folder.glob("cardqueue-*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder of the commands of an environment that holds the wheel and what it asks for, no more."""
    folder = wheel.parent / "venv"
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if sys.platform == "win32" else "bin")
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(commands / "python", *install, "--constraint", ROOT / "constraints.txt", wheel, cwd=folder)
    return commands


@pytest.mark.parametrize(
    "name",
    [
        "cardqueue/app.py",
        "cardqueue/migrations/env.py",
        "cardqueue/migrations/versions/0001_core.py",
        "cardqueue/static/css/app.css",
        "cardqueue/static/fonts/Tinos-Regular.ttf",
        "cardqueue/static/fonts/be-vietnam-pro-400.woff2",
        "cardqueue/static/js/app.js",
        "cardqueue/static/js/govuk-frontend.min.js",
        "cardqueue/static/js/htmx.min.js",
        "cardqueue/templates/components/buttons.html",
        "cardqueue/templates/errors/error.html",
        "cardqueue/templates/layouts/page.html",
    ],
)
def test_the_wheel_holds_what_stands_beside_the_package(names: set[str], name: str) -> None:
    assert name in names


def test_the_wheel_holds_every_template_migration_and_compiled_translation(names: set[str]) -> None:
    beside = [
        path.relative_to(ROOT)
        for pattern in ("templates/**/*.html", "migrations/**/*.py", "translations/**/*.mo")
        for path in ROOT.glob(pattern)
    ]
    assert {f"cardqueue/{path.as_posix()}" for path in beside} - names == set()


def test_the_wheel_holds_no_tests_sources_of_the_front_end_or_compiled_python(names: set[str]) -> None:
    packages = {name.split("/")[0] for name in names}
    assert packages == {"cardqueue", f"cardqueue-{__version__}.dist-info"}
    assert [name for name in names if name.endswith((".pyc", ".scss", ".pot")) or "/tests/" in name] == []


def test_every_third_party_asset_has_its_licence_beside_it(names: set[str]) -> None:
    licences = {name.removeprefix("cardqueue/static/") for name in names if name.endswith(".LICENSE.txt")}
    assert licences == {
        "css/govuk-frontend.LICENSE.txt",
        "fonts/Tinos.LICENSE.txt",
        "fonts/be-vietnam-pro.LICENSE.txt",
        "js/govuk-frontend.LICENSE.txt",
        "js/htmx.LICENSE.txt",
    }


def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert __version__ in run(installed / "cardqueue", "--version", cwd=tmp_path)


def test_the_installation_has_no_conflicts_and_no_test_tools(installed: Path, tmp_path: Path) -> None:
    run(installed / "python", "-m", "pip", "check", cwd=tmp_path)
    listed = run(installed / "python", "-m", "pip", "list", "--format", "freeze", cwd=tmp_path).lower()
    assert "pytest" not in listed
    assert "playwright" not in listed


def test_the_installed_product_serves_the_demo_and_prints_slips(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(installed / "cardqueue"), "demo", "--port", str(port), "--data-dir", str(tmp_path / "demo")]
    with running(command, cwd=tmp_path, url=f"{url}/healthz"):
        visitor = Visitor(url)
        assert "Đợt đổi thẻ" in visitor.sign_in("danguy", PASSWORD)
        pdf = visitor.post("/slips", "/slips/print", {"layout": "A5", "which": "all"})
    assert pdf.startswith(b"%PDF")
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "GIẤY HẸN" in text
    assert "Suối Mây" in text


def test_the_installed_product_sets_up_a_database_of_its_own(installed: Path, tmp_path: Path) -> None:
    command = installed / "cardqueue"
    run(command, "init", cwd=tmp_path)
    assert (tmp_path / "cardqueue.env").stat().st_mode & 0o077 == 0
    run(command, "migrate", cwd=tmp_path)
    answers = ("--username", "quantri", "--full-name", "Quản trị viên", "--password", "mat-khau-dau-tien")
    run(command, "create-admin", *answers, cwd=tmp_path)
    assert "whole" in run(command, "check-audit", cwd=tmp_path)
