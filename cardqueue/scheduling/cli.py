"""``cardqueue plan``: the planner for province offices, scripts and what-if studies, without a database."""

import json
import os
import tempfile
from pathlib import Path

import click

from cardqueue.scheduling.planner import engine
from cardqueue.scheduling.planner.files import instance_id, parse_instance, parse_plan, plan_to_dict
from cardqueue.scheduling.planner.reading import BadFile, Fault

BAD_FILE = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("instance", type=FILE)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Plan file to write.")
@click.option("--seed", default=0, show_default=True, help="The same instance and seed give the same plan.")
@click.option("--keep", type=FILE, help="Old plan file: as few members as possible are moved.")
def plan(instance: Path, out: Path, seed: int, keep: Path | None) -> None:
    """Give every member of INSTANCE an arrival time, or the reason why not.

    A bad file ends with exit code 2 and one line per fault; nothing is written then.
    """
    reading = instance
    try:
        document = _read(instance)
        problem = parse_instance(document)
        reading = keep or instance
        old = parse_plan(_read(keep), problem) if keep else None
    except BadFile as bad:
        for fault in bad.faults:
            click.echo(f"{reading.name}: {fault}", err=True)
        raise SystemExit(BAD_FILE) from None
    result = engine.plan(problem, seed=seed, keep=old)
    text = json.dumps(plan_to_dict(result, instance_id(document)), ensure_ascii=False, separators=(",", ":"))
    try:
        _write_whole(out, text + "\n")
    except OSError as error:
        raise click.ClickException(f"cannot write {out}: {error.strerror}") from error
    click.echo(f"{len(result.slips)} placed, {len(result.unassigned)} not placed: {out}")


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadFile([Fault("file", "UTF-8 text", f"another encoding at byte {error.start}")]) from None
    except json.JSONDecodeError as error:
        raise BadFile([Fault(f"line {error.lineno} column {error.colno}", "JSON", error.msg)]) from None
    except RecursionError:
        raise BadFile([Fault("file", "JSON", "too many levels")]) from None


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
