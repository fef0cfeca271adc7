"""Instance and plan files, and the command that reads the one and writes the other."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cardqueue.scheduling.cli import plan as plan_command
from cardqueue.scheduling.planner.engine import plan
from cardqueue.scheduling.planner.files import parse_instance, parse_plan, plan_to_dict
from cardqueue.scheduling.planner.reading import BadFile

INSTANCE: dict[str, Any] = {
    "schema": "cardqueue-instance/1",
    "id": "small",
    "note": "unknown keys are ignored",
    "planner": {
        "windows": [
            {"id": "D1S", "station": "HT", "start": "2025-08-05T07:00", "end": "2025-08-05T11:30", "lines": 3},
            {"id": "D1C", "station": "HT", "start": "2025-08-05T13:00", "end": "2025-08-05T17:00", "lines": 3},
        ],
        "communes": ["thanh-son"],
        "cells": [
            {
                "id": f"C{c}",
                "commune": "thanh-son",
                "station": "HT",
                "kind": "village",
                "travel_min": 10,
                "unavailable_dates": [],
                "preferred_dates": ["2025-08-05"],
                "preferred_parts": ["morning"],
                "members": [{"id": f"C{c}-{m}", "age": 40 + m} for m in range(35)],
            }
            for c in range(4)
        ],
        "params": {"mean_min": 4.0, "cv": 0.45, "elderly_age": 70, "elderly_factor": 1.35, "no_show": 0.08},
        "rules": {"grid_min": 5, "reserve_frac": 0.0, "max_load": 1.0, "deadline": None, "quota_per_day": None},
    },
}


def faults_of(document: object) -> list[str]:
    with pytest.raises(BadFile) as bad:
        parse_instance(document)
    return [str(fault) for fault in bad.value.faults]


def test_cells_of_a_file_come_side_by_side_unless_it_says_otherwise() -> None:
    assert parse_instance(INSTANCE).rules.mingle_cells
    apart = copy.deepcopy(INSTANCE)
    apart["planner"]["rules"]["mingle_cells"] = False
    assert not parse_instance(apart).rules.mingle_cells


def test_a_good_instance_is_read_and_its_plan_written_as_promised() -> None:
    problem = parse_instance(INSTANCE)
    document: Any = plan_to_dict(plan(problem), "small")
    assert document["schema"] == "cardqueue-plan/1"
    assert document["instance"] == "small"
    assert len(document["members"]) == 140
    assert set(document["members"][0]) == {"id", "arrive"}
    assert document["members"][0]["arrive"].startswith("2025-08-05T")
    assert document["explain"]["C0"]["blocks"][0]["lines"] == 3
    assert document["unassigned"] == []
    json.dumps(document)


def test_a_plan_read_back_and_kept_gives_the_same_times() -> None:
    problem = parse_instance(INSTANCE)
    first = plan(problem)
    old = parse_plan(json.loads(json.dumps(plan_to_dict(first, "small"))), problem)
    assert old.slips == first.slips
    assert plan(problem, keep=old).slips == first.slips


def test_every_fault_of_a_file_is_listed_with_its_place() -> None:
    bad = copy.deepcopy(INSTANCE)
    bad["schema"] = "cardqueue-instance/2"
    planner = bad["planner"]
    planner["windows"][0]["lines"] = "three"
    planner["windows"][1]["end"] = "2025-08-05T12:00"
    planner["windows"].append({**planner["windows"][0], "lines": 1, "start": "2025-08-05T07:00+07:00"})
    planner["cells"][0]["commune"] = "elsewhere"
    planner["cells"][1]["members"][0]["age"] = -1
    planner["cells"][2]["members"][0]["id"] = "C0-0"
    planner["cells"][3]["preferred_parts"] = ["noon"]
    planner["cells"][3]["pinned_window"] = "D9"
    planner["rules"]["quota_per_day"] = {"thanh-son": 1.5}
    planner["rules"]["deadline"] = "31/08/2025"
    planner["params"]["mean_min"] = float("nan")
    assert faults_of(bad) == [
        'schema: expected "cardqueue-instance/1", found "cardqueue-instance/2"',
        'planner.windows[0].lines: expected a whole number of at least 0, found "three"',
        'planner.windows[1].end: expected a time not before the start, found "2025-08-05T12:00"',
        'planner.windows[2].start: expected a local time like 2025-08-31T07:30, found "2025-08-05T07:00+07:00"',
        "planner.cells[1].members[0].age: expected a number from 0 to 130, found -1",
        'planner.cells[3].preferred_parts[0]: expected morning or afternoon or evening, found "noon"',
        "planner.params.mean_min: expected a number from 0 to 600, found NaN",
        'planner.rules.deadline: expected a date like 2025-08-31, found "31/08/2025"',
        "planner.rules.quota_per_day.thanh-son: expected a whole number of at least 0, found 1.5",
        'planner.windows[2].id: expected an id that was not used before, found "D1S"',
        'planner.cells[2].members[0].id: expected an id that was not used before, found "C0-0"',
        'planner.cells[0].commune: expected one of planner.communes, found "elsewhere"',
        'planner.cells[3].pinned_window: expected the id of a window, found "D9"',
    ]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], "file: expected an object, found a list"),
        (None, "file: expected an object, found null"),
        ({**INSTANCE, "planner": 3}, "planner: expected an object, found 3"),
        ({**INSTANCE, "planner": {"windows": {}, "cells": []}}, "planner.windows: expected a list, found an object"),
        ({**INSTANCE, "planner": {"windows": []}}, "planner.cells: expected a list, found nothing"),
        (
            {**INSTANCE, "planner": {"windows": [], "cells": ["x"]}},
            'planner.cells[0]: expected an object, found "x"',
        ),
    ],
)
def test_a_file_of_the_wrong_shape_has_one_fault(document: object, fault: str) -> None:
    assert faults_of(document) == [fault]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(plan_command, arguments)
    return result.exit_code, result.output


def test_the_command_writes_a_plan_and_keeps_it_when_run_again(tmp_path: Path) -> None:
    instance, out, again = tmp_path / "instance.json", tmp_path / "plan.json", tmp_path / "again.json"
    instance.write_text(json.dumps(INSTANCE), encoding="utf-8")
    assert run(str(instance), "--out", str(out)) == (0, f"140 placed, 0 not placed: {out}\n")
    assert run(str(instance), "--out", str(again), "--keep", str(out), "--seed", "5")[0] == 0
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (out, again))
    assert first["members"] == second["members"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.json", "instance.json", "plan.json"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'{"schema": ', "instance.json: line 1 column 12: expected JSON, found Expecting value"),
        (b"\xff\xfe\x00", "instance.json: file: expected UTF-8 text, found another encoding at byte 0"),
        (b"[]", "instance.json: file: expected an object, found a list"),
    ],
)
def test_a_bad_file_ends_with_code_2_and_leaves_the_old_plan_alone(tmp_path: Path, content: bytes, line: str) -> None:
    instance, out = tmp_path / "instance.json", tmp_path / "plan.json"
    instance.write_bytes(content)
    out.write_text("old", encoding="utf-8")
    assert run(str(instance), "--out", str(out)) == (2, line + "\n")
    assert out.read_text(encoding="utf-8") == "old"


def test_a_bad_old_plan_is_named_as_the_bad_file(tmp_path: Path) -> None:
    instance, old = tmp_path / "instance.json", tmp_path / "old.json"
    instance.write_text(json.dumps(INSTANCE), encoding="utf-8")
    old.write_text('{"schema": "cardqueue-plan/1", "members": [{"id": "C0-0"}]}', encoding="utf-8")
    code, output = run(str(instance), "--out", str(tmp_path / "plan.json"), "--keep", str(old))
    expected = "old.json: members[0].arrive: expected a local time like 2025-08-31T07:30, found nothing\n"
    assert (code, output) == (2, expected)
