"""A connection for people: chip, words of its schedule and credential, and the next step as a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from seatwise.control import access, connections
from seatwise.control.connections import ConnectionView
from seatwise.control.models import Connection, Person, Workspace
from seatwise.web.integrations import reads

Method = Connection.Method
_TONES: Final = {
    "connecting": "live",
    "active": "good",
    "degraded": "warn",
    "needs_reauth": "bad",
    "validation_error": "bad",
    "disconnected": "",
}
_METHODS: Final = {
    Method.DELEGATED: "OAuth 2.0",
    Method.CONSENTED: "OAuth 2.0, approved by an administrator",
    Method.SECRET: "OAuth 2.0 Client Credentials",
    Method.CERTIFICATE: "OAuth 2.0 Client Credentials, certificate",
}
_OWN: Final = {Method.SECRET: "Client secret", Method.CERTIFICATE: "Certificate"}
_EXPIRED: Final = "Expired"
_CHECK_WORDS: Final = {"ok": "OK", "missing": "Missing", "not_needed": "Not needed", "failed": "Failed"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """One choice of how often. minutes: 0 for only when asked."""

    minutes: int
    words: str


SCHEDULES: Final = (
    Schedule(15, "every 15 minutes"),
    Schedule(60, "every hour"),
    Schedule(360, "every 6 hours"),
    Schedule(1440, "every day"),
    Schedule(0, "only when asked"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """A state's chip."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The button that helps. right: who may press it."""

    words: str
    address: str
    right: access.Right
    is_post: bool = False
    opens_dialog: bool = False


@dataclass(frozen=True, slots=True)
class CheckShown:
    label: str
    state: str
    word: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class CheckGroup:
    title: str
    checks: tuple[CheckShown, ...]


@dataclass(frozen=True, slots=True)
class WarningShown:
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the templates show of a connection; `facts` is everything else of it."""

    facts: ConnectionView
    look: Look
    next_step: NextStep | None
    may_next: bool
    checks: tuple[CheckGroup, ...]
    warnings: tuple[WarningShown, ...]

    def __getattr__(self, name: str) -> object:
        # So that a template reads shown.tenant_name; there is no second list of the fields.
        return getattr(self.facts, name)

    @property
    def domain(self) -> str:
        return next(iter(self.facts.domains), "")

    @property
    def method_words(self) -> str:
        return _METHODS[Method(self.facts.method)]

    @property
    def is_secret(self) -> bool:
        return self.facts.method == Method.SECRET

    @property
    def every_min(self) -> int:
        return self.facts.sync_every_min

    @property
    def schedule_words(self) -> str:
        return schedule_words(self.facts.sync_every_min)

    @property
    def keeps_data(self) -> bool:
        return self.facts.is_broken and self.facts.last_sync_at is not None

    @property
    def swap_words(self) -> str:
        return "Replace the certificate" if self.facts.method == Method.CERTIFICATE else "Replace the secret"

    @property
    def ends_label(self) -> str:
        method = Method(self.facts.method)
        if method not in _OWN:
            return "Signed in as" if method == Method.DELEGATED else "Credential"
        is_over = self.facts.is_disconnected or self.ends_words == _EXPIRED
        return _OWN[method] if is_over else f"{_OWN[method]} expires"

    @property
    def ends_words(self) -> str:
        left = self.facts.days_left
        if self.facts.is_disconnected:
            return "Erased"
        if self.facts.is_ended:
            return _EXPIRED
        if left is None:
            return "Date not known" if self.facts.can_swap else self.facts.account or "This install’s registration"
        if left < 0:
            return _EXPIRED
        return "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"

    @property
    def ends_tone(self) -> str:
        left = self.facts.days_left
        if self.facts.is_ended and not self.facts.is_disconnected:
            return "bad"
        return (
            ""
            if left is None or self.facts.is_disconnected
            else "bad"
            if left <= 1
            else "warn"
            if left <= 60
            else "good"
        )

    @property
    def credential_words(self) -> str:
        facts = self.facts
        if facts.is_disconnected:
            return "Erased when it was disconnected."
        if facts.method == Method.DELEGATED:
            return f"Signed in as {facts.account or 'somebody'}, through the app registration of this install."
        if facts.method == Method.CONSENTED:
            return "The app registration of this install, approved by an administrator of the tenant."
        if facts.method == Method.CERTIFICATE:
            return f"A certificate, thumbprint {facts.secret_hint}…. Its private key never leaves this install."
        return f"A client secret, ending in {facts.secret_hint}. Stored encrypted, never shown again."

    @property
    def who_helps(self) -> str:
        if self.next_step is None:
            return ""
        who = {"sync": "analyst, admin or owner", "install": "owner"}.get(self.next_step.right, "admin or owner")
        return f"An {who} of this company can do this: {self.next_step.words}."


def shown(person: Person, workspace: Workspace) -> Shown | None:
    """The workspace's connection as this person sees it; None when there is none."""
    connection = connections.of_workspace(workspace)
    if connection is None:
        return None
    facts = connections.view(connection)
    step = _next_step(facts, workspace)
    return Shown(
        facts=facts,
        look=Look(facts.state_label, _TONES[facts.state]),
        next_step=step,
        may_next=step is not None and access.may(person, workspace, step.right),
        checks=_groups(facts),
        warnings=tuple(WarningShown("bad" if one.level <= 1 else "warn", one.sentence) for one in facts.warnings),
    )


def _groups(facts: ConnectionView) -> tuple[CheckGroup, ...]:
    """What the connection may do, then what can be read with it; empty groups are left out."""
    found: dict[bool, list[CheckShown]] = {False: [], True: []}
    for one in facts.checks:
        is_reading = one.kind == "data set"
        label = reads.LABELS.get(one.name, one.name) if is_reading else one.name
        sentence = one.sentence[:1].upper() + one.sentence[1:]
        found[is_reading].append(CheckShown(label, one.state, _CHECK_WORDS[one.state], sentence, one.remedy))
    titles = {False: "Access", True: "First page of everything that is read"}
    return tuple(CheckGroup(titles[is_reading], tuple(shown)) for is_reading, shown in found.items() if shown)


def schedule_words(minutes: int) -> str:
    for choice in SCHEDULES:
        if choice.minutes == minutes:
            return choice.words
    return f"every {minutes} minutes"


def _next_step(facts: ConnectionView, workspace: Workspace) -> NextStep | None:
    def at(name: str, query: str = "") -> str:
        return reverse(name, kwargs={"workspace": workspace.id}) + query

    words = facts.next_step_label
    if facts.next_step == "swap_secret" and not facts.can_swap:
        there = at("entra_connect", f"?step=registration&cloud={facts.cloud}")
        return NextStep("Replace the registration’s secret", there, "install", opens_dialog=True)
    steps = {
        "reconnect": NextStep(words, at("entra_connect", "?step=ways"), "connect", opens_dialog=True),
        "connect": NextStep(words, at("entra_connect"), "connect", opens_dialog=True),
        "swap_secret": NextStep(words, at("entra_swap"), "credentials"),
        "grant": NextStep(words, at("entra_guide", "#step-consent"), "view"),
        "test": NextStep(words, at("entra_test"), "connect", is_post=True),
        "sync": NextStep(words, at("entra_sync"), "sync", is_post=True),
    }
    return steps.get(facts.next_step)
