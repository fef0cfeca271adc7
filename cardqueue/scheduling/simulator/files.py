"""The result of a simulation as a ``cardqueue-simulation/1`` document and as a small table."""

from collections.abc import Iterator

from cardqueue.scheduling.simulator.shapes import Result, WindowResult

SIMULATION_SCHEMA = "cardqueue-simulation/1"


def result_to_dict(result: Result, instance: str) -> dict[str, object]:
    """A result as a document. Units: minutes; people."""
    return {
        "schema": SIMULATION_SCHEMA,
        "instance": instance,
        "runs": result.runs,
        "overall": _figures(result),
        "windows": {
            item.window: {
                **_figures(item),
                "room": [
                    {"at": moment.at.isoformat(timespec="minutes"), "p50": moment.p50, "p90": moment.p90}
                    for moment in item.room
                ],
            }
            for item in result.windows
        },
    }


def result_table(result: Result) -> Iterator[str]:
    """A result as lines of text: one per window, and the whole."""
    width = max([len("window"), *(len(item.window) for item in result.windows)])
    yield f"{'window':{width}}  invited  served  mean wait   P95  overtime  most in room"
    for item in result.windows:
        yield f"{item.window:{width}}{_columns(item)}  {item.most_in_room:12}"
    yield f"{'all':{width}}{_columns(result)}"


def _columns(item: Result | WindowResult) -> str:
    return f"  {item.invited:7}  {item.served:6.1f}  {item.mean_wait:9.2f}  {item.p95_wait:4.1f}  {item.overtime:8.1f}"


def _figures(item: Result | WindowResult) -> dict[str, object]:
    return {
        "invited": item.invited,
        "served": round(item.served, 2),
        "mean_wait": round(item.mean_wait, 3),
        "p95_wait": round(item.p95_wait, 3),
        "overtime": round(item.overtime, 3),
    }
