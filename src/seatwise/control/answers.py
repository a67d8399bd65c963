"""Door 2: answers questions about one tenant."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_bytes

from seatwise.base import clock
from seatwise.base.errors import AskAdmin
from seatwise.control import connections, decisions, pseudonyms, standing
from seatwise.control.models import Connection, Person, Run, Workspace
from seatwise.metrics.ask import answer
from seatwise.metrics.decided import Decided
from seatwise.metrics.export import FORMS, FileForm, to_csv
from seatwise.metrics.registry import METRICS
from seatwise.metrics.shapes import Filter, Question, Result, Sort
from seatwise.sync.progress import Missing

__all__ = [
    "FORMS",
    "METRICS",
    "NAMES",
    "Answer",
    "FileForm",
    "Filter",
    "Sort",
    "as_csv",
    "ask",
    "last_sync",
    "tenant_of",
]

NAMES = tuple(METRICS)
# An answer "as of now" means as of the last reading; past this age it means now, with the gap shown.
_FRESH = timedelta(hours=26)


@dataclass(frozen=True)
class Answer:
    """A result and what is missing from it.

    missing:  planned things that could not be read and that this result would have shown, one for each sentence.
    question: what was asked, for a file to say so.
    """

    result: Result
    missing: list[Missing] = field(default_factory=list)
    question: Question | None = None


def ask(
    name: str,
    tenant: str | None = None,
    as_of: datetime | None = None,
    *,
    microsoft: bool = False,
    app: str | None = None,
    of: tuple[tuple[str, str], ...] = (),
    where: tuple[Filter, ...] = (),
    search: str = "",
    sort: tuple[Sort, ...] = (),
    limit: int | None = None,
    offset: int = 0,
    facets: tuple[str, ...] = (),
    by: Person | None = None,
    decided: Decided | None = None,
) -> Answer:
    """One declared metric of one tenant, under what was decided in its workspace.

    as_of:   None for the newest reading (now, when nothing was read for a day).
    of … facets:  which rows, in which order; see `Question`.
    by:      who asks: whoever may not see names is told stand-ins. None is the install itself.
    decided: to answer as if this had been decided instead.
    Errors:  AskAdmin when the tenant is unknown, when nothing was ever synced or imported for it, and for a column,
             value or parameter the metric does not have.
    """
    tenant_id = tenant_of(tenant)
    run = last_sync(tenant_id)
    places = connections.places(tenant_id)
    if not places.tables.exists():
        raise AskAdmin(
            code="nothing_read",
            sentence="Nothing has been read for this tenant yet. Run: seatwise sync, or: seatwise import FILES",
        )
    question = Question(
        name=name,
        as_of=as_of or _newest(run),
        microsoft=microsoft,
        app=app,
        decided=decisions.decided_of_tenant(tenant_id) if decided is None else decided,
        of=of,
        where=where,
        search=search,
        sort=sort,
        limit=limit,
        offset=offset,
        facets=facets,
        pseudonyms=b"" if by is None else _pseudonyms(by, tenant_id),
    )
    if as_of is not None or decided is not None:
        result = answer(question, places)
    else:
        is_read_to = run is not None and question.as_of == run.as_of
        result = standing.ask(question, places, is_read_to=is_read_to, is_busy=lambda: _is_busy(tenant_id))
    return Answer(result, _missing(name, result, run), question)


def _pseudonyms(by: Person, tenant_id: str) -> bytes:
    """The secret of the workspace's stand-ins, empty for who may see names."""
    workspace = Workspace.objects.filter(tenant_id=tenant_id).first()
    if workspace is None:
        # Nobody has passed a door of this tenant; then they are told nothing by name either.
        return token_bytes(32)
    return b"" if decisions.may_see_names(by, workspace) else pseudonyms.secret(workspace)


def _is_busy(tenant_id: str) -> bool:
    return Run.objects.filter(tenant_id=tenant_id, state=Run.State.RUNNING).exists()


def tenant_of(tenant: str | None) -> str:
    """The tenant id: named, connected, or the only one with imported data. Errors: AskAdmin when that is not one."""
    if tenant is not None and Connection.objects.filter(tenant_id=tenant.strip().lower()).exists():
        return tenant.strip().lower()
    known = set(Connection.objects.values_list("tenant_id", flat=True)) | set(
        Run.objects.values_list("tenant_id", flat=True)
    )
    if tenant is not None:
        if tenant.strip().lower() in known:
            return tenant.strip().lower()
    elif len(known) == 1:
        return known.pop()
    if not known:
        return connections.of_tenant(tenant).tenant_id
    raise AskAdmin(
        code="tenant_unnamed" if tenant is None else "tenant_unknown",
        sentence=(
            "Several tenants are known; name one with --tenant: " if tenant is None else "Unknown tenant. Known: "
        )
        + ", ".join(sorted(known)),
    )


def as_csv(answer: Answer) -> str:
    """The answer as a file: same rows, same order, same names."""
    return to_csv(answer.result)


def last_sync(tenant_id: str) -> Run | None:
    """The newest reading that ended whole or in part: what pages show is of its `as_of`."""
    ended = Run.objects.filter(tenant_id=tenant_id, kind=Run.Kind.SYNC, state__in=[Run.State.DONE, Run.State.PARTIAL])
    return ended.order_by("-as_of").first()


def _newest(run: Run | None) -> datetime:
    now = clock.now()
    if run is not None and timedelta(0) <= now - run.as_of < _FRESH:
        return run.as_of
    return now


# Which answers would have shown what a data set holds.
_ALL = frozenset(METRICS)
_PEOPLE = _ALL - {"coverage", "evidence"}
_LICENCES = {"licences", "licence-users", "totals", "savings", "people", "insights"}
_GROUPS = {"app-users", "product-users", "seat-groups", "seat-evidence", "licence-users"}
_SHOWS = {
    "service_principals": _PEOPLE,
    "app_role_assignments": _PEOPLE,
    "groups": _ALL & (_GROUPS | {"insights", "teams", "team-products"}),
    "group_members": _PEOPLE - {"licences", "licence-users"},
    "oauth2_permission_grants": _ALL & {"apps", "products", "consents", "discovery"},
    "users": _PEOPLE,
    "subscribed_skus": _ALL & _LICENCES,
    "sign_ins": _ALL,
}


def _missing(name: str, result: Result, run: Run | None) -> list[Missing]:
    if run is None:
        return []
    found: dict[str, Missing] = {}
    for entry in run.outcome.get("missing", []):
        dataset = str(entry["dataset"])
        if name not in _SHOWS.get(dataset, set()):
            continue
        if dataset == "sign_ins" and result.coverage.state == "complete":
            continue
        told = str(entry["sentence"])
        found.setdefault(
            told, Missing(dataset, str(entry.get("code", "")), told, command=str(entry.get("command", "")))
        )
    return list(found.values())
