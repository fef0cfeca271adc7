"""The shape of the house: the direction of imports, names, docstrings, and files that refer to each other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "cardqueue").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
# Public functions of these say what they do, in shapes, units and errors where the signature cannot.
DOCUMENTED = re.compile(r"cardqueue/(lib/|[a-z]+/(rules|queries|services)\b)")


def test_packages_import_only_along_the_flow() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in MODULES if path.stem in VAGUE_NAMES] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_and_public_function_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body, "the module has no docstring"
    if not DOCUMENTED.search(str(path.relative_to(ROOT))):
        return
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_rules_know_no_flask_no_database_and_no_clock() -> None:
    forbidden = re.compile(r"^\s*(from|import) (flask|sqlalchemy)\b|now_at\(|datetime\.now|today_on\(\)", re.MULTILINE)
    pure = {"planner", "simulator", "reading"}
    rules = [path for path in MODULES if path.name == "rules.py" or pure & set(path.parts)]
    assert rules
    assert [str(path.relative_to(ROOT)) for path in rules if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_services_never_commit() -> None:
    services = [
        path for path in MODULES if path.stem in {"services", "queries", "rules"} or path.parent.name == "services"
    ]
    assert [str(path) for path in services if re.search(r"\.commit\(\)", path.read_text(encoding="utf-8"))] == []


def test_migrations_import_nothing_of_the_product() -> None:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert "cardqueue" not in path.read_text(encoding="utf-8").replace("cardqueue_", ""), path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_inline_style_and_name_assets_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text)
    assert "<style" not in text and "|safe" not in text
    for name in re.findall(r"static_url\(\"([^\"]+)\"\)", text):
        assert (ROOT / "cardqueue" / "static" / name).is_file(), name


def test_every_template_that_a_view_renders_exists() -> None:
    named = {
        name
        for path in MODULES
        for name in re.findall(r"render_template\(\s*\"([^\"]+)\"", path.read_text(encoding="utf-8"))
    }
    assert named
    assert [name for name in sorted(named) if not (ROOT / "templates" / name).is_file()] == []
