"""What the login service remembers: codes, flows and sessions in memory; what was done to people, in a file."""

import json
import secrets
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from entra_sandbox.certificates import private_folder, write_private
from entra_sandbox.identity.keys import SigningKey, open_signing_key

CODE_LIFE_S = 600


@dataclass
class Code:
    """An authorization code and everything it is bound to."""

    value: str = field(repr=False)
    client_id: str
    redirect_uri: str
    tenant_id: str
    oid: str
    scopes: frozenset[str]
    nonce: str | None
    challenge: str | None
    challenge_method: str
    issued_at: float
    redeemed: bool = False


@dataclass
class Flow:
    """One journey of a browser from authorize (or admin consent) to its redirect."""

    id: str
    session: str
    csrf: str = field(repr=False)
    kind: str
    tenant: str
    params: dict[str, str]
    started_at: float
    oid: str | None = None


@dataclass
class PersonState:
    """What fixtures did to one person. valid_from: refresh tokens issued earlier are revoked (seconds, wall time)."""

    valid_from: float = 0.0
    inactive_before: float = 0.0
    disabled: bool = False
    deleted: bool = False
    mfa_before: float = 0.0


@dataclass
class PlannedFailure:
    """The next `count` token requests (of one client, when named) answer this AADSTS code."""

    code: int
    count: int
    client_id: str | None
    retry_after: int | None


@dataclass
class Lie:
    """The next id token says this instead of the truth. is_foreign: and another key signs it."""

    claims: dict[str, Any]
    is_foreign: bool


@dataclass(frozen=True)
class Challenge:
    """Tokens of apps have to be asked for with these claims; can_be_met: whether one that was is good then."""

    claims: dict[str, object]
    can_be_met: bool = True


class Identity:
    """requests: how often each grant was asked for at the token endpoint, whatever came of it."""

    def __init__(self, key: SigningKey, folder: Path) -> None:
        self.key = key
        self.codes: dict[str, Code] = {}
        self.flows: dict[str, Flow] = {}
        self.sessions: dict[str, str] = {}
        self.failures: list[PlannedFailure] = []
        self.lies: list[Lie] = []
        self.requests: Counter[str] = Counter()
        self.challenge: Challenge | None = None
        self._people_path = folder / "people.json"
        self.people = self._loaded()

    def person(self, oid: str) -> PersonState:
        return self.people.setdefault(oid, PersonState())

    def save(self) -> None:
        content = {oid: asdict(state) for oid, state in self.people.items()}
        write_private(self._people_path, json.dumps(content).encode())

    def keep_code(self, code: Code) -> None:
        old = time.time() - 2 * CODE_LIFE_S
        self.codes = {value: kept for value, kept in self.codes.items() if kept.issued_at > old}
        self.codes[code.value] = code

    def start_flow(self, session: str, kind: str, tenant: str, params: dict[str, str]) -> Flow:
        old = time.time() - 3600
        self.flows = {key: kept for key, kept in self.flows.items() if kept.started_at > old}
        flow = Flow(secrets.token_urlsafe(18), session, secrets.token_urlsafe(18), kind, tenant, params, time.time())
        self.flows[flow.id] = flow
        return flow

    def planned_failure(self, client_id: str) -> PlannedFailure | None:
        for planned in self.failures:
            if planned.client_id in (None, client_id):
                planned.count -= 1
                if planned.count <= 0:
                    self.failures.remove(planned)
                return planned
        return None

    def _loaded(self) -> dict[str, PersonState]:
        if not self._people_path.exists():
            return {}
        return {oid: PersonState(**state) for oid, state in json.loads(self._people_path.read_text()).items()}


def open_identity(data: Path) -> Identity:
    return Identity(open_signing_key(data), private_folder(data / "identity"))
