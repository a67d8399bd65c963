"""What a page shows of runs: how far one is, and what became of those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from seatwise.base import clock
from seatwise.control.models import Run

# Steps that are not of a data set.
_OTHERS = ("", "derived tables")


@dataclass(frozen=True)
class DatasetProgress:
    """One data set of a run. waited_s: seconds spent waiting for Microsoft; left_s: a guess, None without one.

    unchanged, set_aside:  rows known before, and rows put aside with (reason, number); None while the run goes on.
    """

    name: str
    phase: str
    rows: int
    pages: int
    waited_s: float
    left_s: float | None = None
    unchanged: int | None = None
    set_aside: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class RunProgress:
    """A run as it is now. phase: of the whole, in a word; left_s: the longest guess of its data sets."""

    id: UUID
    state: str
    phase: str
    is_ended: bool
    is_cancelling: bool
    started_at: datetime | None
    elapsed_s: float
    left_s: float | None
    rows: int
    waited_s: float
    datasets: tuple[DatasetProgress, ...]


@dataclass(frozen=True)
class PastRun:
    """An ended (or the running) run. why: sentences about what is missing or what failed; n_claims over 1: resumed."""

    id: UUID
    kind: str
    trigger: str
    asked_by: str
    state: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    duration_s: float | None
    as_of: datetime
    rows: int
    unchanged: int
    set_aside: int
    waited_s: float
    datasets: tuple[DatasetProgress, ...]
    why: tuple[str, ...]
    code: str
    n_claims: int


def newest(tenant_id: str) -> Run | None:
    """The tenant's newest sync, whatever its state."""
    return Run.objects.filter(tenant_id=tenant_id, kind=Run.Kind.SYNC).order_by("-created_at").first()


def progress(run: Run) -> RunProgress:
    """How far a run is, from its row as it was read."""
    datasets = _datasets(run)
    lefts = [one.left_s for one in datasets if one.left_s is not None]
    ended = run.ended_at
    return RunProgress(
        id=run.pk,
        state=run.state,
        phase=_phase(run),
        is_ended=ended is not None,
        is_cancelling=ended is None and run.cancel_asked_at is not None,
        started_at=run.started_at,
        elapsed_s=_seconds(run.started_at, ended or clock.wall()) or 0.0,
        left_s=max(lefts) if lefts and ended is None else None,
        rows=sum(one.rows for one in datasets),
        waited_s=sum(one.waited_s for one in datasets),
        datasets=datasets,
    )


def history(tenant_id: str, limit: int = 50) -> list[PastRun]:
    """The newest runs of a tenant, imports included."""
    runs = Run.objects.filter(tenant_id=tenant_id).select_related("asked_by").order_by("-created_at")[:limit]
    return [_past(run) for run in runs]


def _past(run: Run) -> PastRun:
    datasets = _datasets(run)
    is_import = run.kind == Run.Kind.IMPORT
    outcome = run.outcome
    error = outcome.get("error") or {}
    aside = sum(one["n"] for one in outcome.get("set_aside", [])) if is_import else 0
    return PastRun(
        id=run.pk,
        kind=run.kind,
        trigger=run.trigger,
        asked_by=str(run.asked_by) if run.asked_by else "",
        state=run.state,
        created_at=run.created_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        duration_s=_seconds(run.started_at, run.ended_at),
        as_of=run.as_of,
        rows=outcome.get("received", 0) if is_import else sum(one.rows for one in datasets),
        unchanged=outcome.get("unchanged", 0) if is_import else sum(one.unchanged or 0 for one in datasets),
        set_aside=aside or sum(n for one in datasets for _, n in one.set_aside),
        waited_s=sum(one.waited_s for one in datasets),
        datasets=datasets,
        why=tuple(_why(outcome, error)),
        code=str(error.get("code", "")),
        n_claims=run.n_claims,
    )


def _why(outcome: dict[str, Any], error: dict[str, Any]) -> list[str]:
    found = [str(error["sentence"])] if error.get("sentence") else []
    found += [str(entry["sentence"]) for entry in outcome.get("missing", [])]
    found += [f"{one['path']}: {one['reason']}" for one in outcome.get("refused", []) if isinstance(one, dict)]
    return list(dict.fromkeys(found))


def _datasets(run: Run) -> tuple[DatasetProgress, ...]:
    counted: dict[str, Any] = run.outcome.get("datasets", {})
    steps: dict[str, list[Any]] = (run.outcome.get("steps") or run.progress.get("steps") or {}) if not counted else {}
    if not counted:
        return tuple(
            DatasetProgress(name, phase, rows, pages, waited_s, left_s)
            for name, (phase, rows, pages, waited_s, left_s, *_) in steps.items()
            if name not in _OTHERS
        )
    missing = {entry["dataset"] for entry in run.outcome.get("missing", [])}
    return tuple(
        DatasetProgress(
            name,
            "missing" if name in missing else "done",
            one["rows"],
            one["pages"],
            one["waited_s"],
            None,
            one.get("unchanged", 0),
            tuple(sorted(one.get("set_aside", {}).items())),
        )
        for name, one in counted.items()
    )


def _phase(run: Run) -> str:
    if run.ended_at is not None or run.state == Run.State.WAITING:
        return str(run.state)
    steps: dict[str, list[Any]] = run.progress.get("steps") or {}
    return str(list(steps.values())[-1][0]) if steps else "token"


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())
