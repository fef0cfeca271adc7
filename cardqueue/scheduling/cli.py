"""``cardqueue plan`` and ``cardqueue simulate``: the planner for province offices and scripts, without a database."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cardqueue.scheduling.planner import engine
from cardqueue.scheduling.planner.files import instance_id, parse_instance, parse_plan, plan_to_dict
from cardqueue.scheduling.planner.reading import BadFile, Fault
from cardqueue.scheduling.planner.shapes import Plan, Problem
from cardqueue.scheduling.simulator.files import result_table, result_to_dict
from cardqueue.scheduling.simulator.playing import RUNS
from cardqueue.scheduling.simulator.playing import simulate as play
from cardqueue.scheduling.simulator.shapes import Result, Scenario

BAD_FILE = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("instance", type=FILE)
@click.option("--out", required=True, type=OUT, help="Plan file to write.")
@click.option("--seed", default=0, show_default=True, help="The same instance and seed give the same plan.")
@click.option("--keep", type=FILE, help="Old plan file: as few members as possible are moved.")
@click.option("--simulate", "is_played", is_flag=True, help="Play the plan and print who would wait.")
def plan(instance: Path, out: Path, seed: int, keep: Path | None, is_played: bool) -> None:
    """Give every member of INSTANCE an arrival time, or the reason why not.

    A bad file ends with exit code 2 and one line per fault; nothing is written then.
    """
    document, problem = _read_instance(instance)
    old = _read_plan(keep, problem) if keep else None
    result = engine.plan(problem, seed=seed, keep=old)
    _write_json(out, plan_to_dict(result, instance_id(document)))
    click.echo(f"{len(result.slips)} placed, {len(result.unassigned)} not placed: {out}")
    if is_played:
        _print(play(problem, result, seed=seed))


@click.command()
@click.argument("instance", type=FILE)
@click.argument("plan", type=FILE)
@click.option("--runs", default=RUNS, show_default=True, type=click.IntRange(1, 100_000), help="So many times.")
@click.option("--seed", default=0, show_default=True, help="The same files and seed give the same result.")
@click.option("--slow", default=1.0, show_default=True, type=click.FloatRange(0.1, 10), help="Every service × this.")
@click.option("--later", default=0.0, show_default=True, type=click.FloatRange(-120, 120), help="Everybody, min.")
@click.option("--lost-lines", default=0, show_default=True, type=click.IntRange(0), help="Fewer in the first window.")
@click.option(
    "--outage", default=0.0, show_default=True, type=click.FloatRange(0, 600), help="Amid every window (min)."
)
@click.option(
    "--make-ups", default=0.0, show_default=True, type=click.FloatRange(0, 1), help="Share of the reserve given away."
)
@click.option("--out", type=OUT, help="Result file to write (JSON).")
def simulate(
    instance: Path,
    plan: Path,
    runs: int,
    seed: int,
    slow: float,
    later: float,
    lost_lines: int,
    outage: float,
    make_ups: float,
    out: Path | None,
) -> None:
    """Play PLAN of INSTANCE many times and print who would wait, and how long the lines work after the end.

    Units: minutes. A bad file ends with exit code 2 and one line per fault.
    """
    document, problem = _read_instance(instance)
    scenario = Scenario(slow=slow, later_min=later, lost_lines=lost_lines, outage_min=outage, make_ups=make_ups)
    result = play(problem, _read_plan(plan, problem), runs=runs, seed=seed, scenario=scenario)
    if out:
        _write_json(out, result_to_dict(result, instance_id(document)))
    _print(result)


def _print(result: Result) -> None:
    for line in result_table(result):
        click.echo(line)


def _read_instance(path: Path) -> tuple[object, Problem]:
    with _faults_of(path):
        document = _read(path)
        return document, parse_instance(document)


def _read_plan(path: Path, problem: Problem) -> Plan:
    with _faults_of(path):
        return parse_plan(_read(path), problem)


@contextmanager
def _faults_of(path: Path) -> Iterator[None]:
    """One line per fault of a bad file, and the end."""
    try:
        yield
    except BadFile as bad:
        for fault in bad.faults:
            click.echo(f"{path.name}: {fault}", err=True)
        raise SystemExit(BAD_FILE) from None


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFile([Fault("file", "UTF-8 text", f"another encoding at byte {error.start}")]) from None
    except json.JSONDecodeError as error:
        raise BadFile([Fault(f"line {error.lineno} column {error.colno}", "JSON", error.msg)]) from None
    except RecursionError:
        raise BadFile([Fault("file", "JSON", "too many levels")]) from None


def _write_json(path: Path, document: object) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    try:
        _write_whole(path, text + "\n")
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error


def _write_whole(path: Path, text: str) -> None:
    """Writes beside the target and renames, so that nobody ever reads half a plan."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # A private temporary file becomes an ordinary one, as if it had been opened for writing.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
