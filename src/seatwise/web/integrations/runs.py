"""A run for people: how far it is, in steps and words, and what became of those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seatwise.catalog.registry import DATASETS
from seatwise.control import jobs
from seatwise.control.jobs import DatasetProgress, PastRun, RunProgress
from seatwise.control.models import Run
from seatwise.web.integrations import reads

_ENDED: Final = {
    Run.State.DONE: ("Done", "good"),
    Run.State.PARTIAL: ("Done in part", "warn"),
    Run.State.FAILED: ("Failed", "bad"),
    Run.State.CANCELLED: ("Cancelled", ""),
    Run.State.RUNNING: ("Running", "live"),
    Run.State.WAITING: ("Waiting to start", "live"),
}
_STATE_WORDS: Final = {"done": "done", "now": "in progress", "wait": "waiting", "missing": "could not be read"}
_TRIGGERS: Final = {
    Run.Trigger.SCHEDULE: "Schedule",
    Run.Trigger.FIRST: "First sync",
    Run.Trigger.COMMAND: "Command line",
    Run.Trigger.PERSON: "Somebody who has left",
}
_BRIEF_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class StepShown:
    """One data set. state: done, now, wait or missing."""

    label: str
    state: str
    words: str

    @property
    def state_words(self) -> str:
        return _STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class RunShown:
    """The newest run. percent: None while nobody can tell."""

    title: str
    words: str
    percent: int | None
    is_live: bool
    is_cancelling: bool
    is_failed: bool
    error: tuple[str, ...]
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True)
class PastShown:
    """A row of the history. began_at: when it started, or was asked for."""

    began_at: datetime
    word: str
    tone: str
    asked_by: str
    n_rows: int
    n_unchanged: int
    n_set_aside: int
    waited: str
    took: str
    whys: tuple[str, ...]


def newest(tenant_id: str) -> RunShown | None:
    """The tenant's newest sync, None before the first."""
    run = jobs.newest(tenant_id)
    return None if run is None else shown(run, jobs.progress(run))


def shown(run: Run, progress: RunProgress) -> RunShown:
    word, _ = _ENDED[Run.State(run.state)]
    outcome = run.outcome or {}
    whys = [str((outcome.get("error") or {}).get("sentence", ""))]
    whys += [str(entry.get("sentence", "")) for entry in outcome.get("missing", [])]
    title = "First sync" if run.trigger == Run.Trigger.FIRST else "Sync" if not progress.is_ended else "Last sync"
    return RunShown(
        title=title,
        words=_words(run, progress, word),
        percent=_percent(progress),
        is_live=not progress.is_ended,
        is_cancelling=progress.is_cancelling,
        is_failed=run.state == Run.State.FAILED,
        error=tuple(dict.fromkeys(why for why in whys if why)),
        steps=_steps(progress),
    )


def past(tenant_id: str, limit: int) -> list[PastShown]:
    return [_past(run) for run in jobs.history(tenant_id, limit)]


def _past(run: PastRun) -> PastShown:
    word, tone = _ENDED[Run.State(run.state)]
    if run.kind == Run.Kind.IMPORT:
        asked_by = "Import of files"
    else:
        asked_by = run.asked_by or _TRIGGERS.get(Run.Trigger(run.trigger), "")
    whys = list(run.why)
    aside: dict[str, int] = {}
    for one in run.datasets:
        for reason, n in one.set_aside:
            aside[reason] = aside.get(reason, 0) + n
    whys += [f"Set aside: {n:,} ({reason.replace('_', ' ')})." for reason, n in sorted(aside.items())]
    if run.n_claims > 1:
        whys.append("It was cut off and went on by itself.")
    return PastShown(
        began_at=run.started_at or run.created_at,
        word=word,
        tone=tone,
        asked_by=asked_by,
        n_rows=run.rows,
        n_unchanged=run.unchanged,
        n_set_aside=run.set_aside,
        waited=span(run.waited_s) if run.waited_s >= 1 else "–",
        took="–" if run.duration_s is None else span(run.duration_s),
        whys=tuple(whys),
    )


def span(seconds: float) -> str:
    """8 s, 4 min, 2 h 10 min."""
    if seconds < 90:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def _words(run: Run, progress: RunProgress, word: str) -> str:
    if progress.is_ended:
        ended = run.ended_at
        when = "" if ended is None else f", {ended.day} {ended:%b %Y, %H:%M} UTC"
        return f"{word}{when} · {_read(progress.rows)} in {span(progress.elapsed_s)}"
    if progress.is_cancelling:
        return "Stopping. What was read so far is kept."
    if run.state == Run.State.WAITING:
        return "Starts in a moment"
    if not progress.datasets:
        return "Starting"
    told = _read(progress.rows)
    if progress.left_s is not None and progress.left_s >= _BRIEF_S:
        told += f" · about {span(progress.left_s)} left"
    return told


def _read(n_rows: int) -> str:
    return f"{n_rows:,} row{'' if n_rows == 1 else 's'} read"


def _percent(progress: RunProgress) -> int | None:
    """The share of the data sets that are done, each of those under way counting by its own guess of time left."""
    if progress.is_ended:
        return 100
    if not progress.datasets:
        return None
    share = sum(_share(one, progress.elapsed_s) for one in progress.datasets)
    return min(99, round(100 * share / len(DATASETS)))


def _share(one: DatasetProgress, elapsed_s: float) -> float:
    if one.phase in ("done", "missing"):
        return 1.0
    if one.left_s is None or elapsed_s <= 0:
        return 0.5
    return elapsed_s / (elapsed_s + one.left_s)


def _steps(progress: RunProgress) -> tuple[StepShown, ...]:
    known = {one.name: one for one in progress.datasets}
    if progress.is_ended and not known:
        return ()
    return tuple(_step(name, known.get(name), is_ended=progress.is_ended) for name in DATASETS)


def _step(name: str, one: DatasetProgress | None, *, is_ended: bool) -> StepShown:
    label = reads.label(name)
    if one is None:
        return StepShown(label, "missing" if is_ended else "wait", "Not read" if is_ended else "Waiting")
    told = f"{one.rows:,} read" if one.rows or one.phase != "done" else "Nothing new"
    if one.phase == "missing":
        return StepShown(label, "missing", f"{one.rows:,} read, not all" if one.rows else "Not read")
    if one.phase == "done" or is_ended:
        return StepShown(label, "done" if one.phase == "done" else "missing", told)
    if one.phase == "wait":
        return StepShown(label, "now", f"{told} · waiting for Microsoft, {span(one.waited_s)} so far")
    if one.left_s is not None and one.left_s >= _BRIEF_S:
        told += f" · about {span(one.left_s)} left"
    return StepShown(label, "now", told)
