"""App registrations of the sandbox tenant: secrets, certificates, redirects and grants, kept in a private file."""

import base64
import datetime as dt
import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from cryptography import x509

from entra_sandbox.certificates import private_folder, write_private

FIVE_PERMISSIONS = (
    "AuditLog.Read.All",
    "Directory.Read.All",
    "Group.Read.All",
    "GroupMember.Read.All",
    "User.Read.All",
)
DEFAULT_REDIRECTS = (
    # The port of http://localhost does not count.
    "http://localhost/connect/azureactivedirectory/callback",
    "http://localhost:8000/connect/callback",
    "http://localhost:8080/connect/callback",
    "http://localhost/connect/callback",
)
_SECRET_DAYS = 730


@dataclass
class Secret:
    """A client secret. `id` is what people paste by mistake, `value` what they should paste."""

    id: str
    value: str = field(repr=False)
    expires_at: float

    def is_expired(self, now: float) -> bool:
        return now >= self.expires_at


@dataclass
class Registration:
    client_id: str
    object_id: str
    principal_id: str
    name: str
    created_at: float
    permissions: list[str]
    secrets: list[Secret] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    redirect_uris: list[str] = field(default_factory=list)
    # Grants. Roles are app role assignments to Graph, scopes an AllPrincipals grant, user_scopes Principal grants.
    granted_roles: list[str] = field(default_factory=list)
    granted_scopes: list[str] = field(default_factory=list)
    user_scopes: dict[str, list[str]] = field(default_factory=dict)
    disabled: bool = False
    present: bool = True
    blocked: bool = False
    multi_tenant: bool = False

    def scopes_for(self, oid: str) -> frozenset[str]:
        return frozenset(self.granted_scopes) | frozenset(self.user_scopes.get(oid, ()))


class Registrations:
    """All registrations of one tenant; every change is written at once."""

    def __init__(self, folder: Path, tenant_id: str) -> None:
        self._path = folder / f"{tenant_id}.json"
        self._folder = folder
        self._tenant_id = tenant_id
        self._by_client: dict[str, Registration] = {}
        self._load()
        if self._default_id not in self._by_client:
            self._create_default()

    @property
    def _default_id(self) -> str:
        return str(uuid.uuid5(uuid.UUID(self._tenant_id), "seatwise"))

    @property
    def default(self) -> Registration:
        return self._by_client[self._default_id]

    def all(self) -> list[Registration]:
        return list(self._by_client.values())

    def get(self, client_id: str) -> Registration | None:
        return self._by_client.get(client_id.lower())

    def secret_file(self, registration: Registration) -> Path:
        """A file of mode 600 that holds the newest secret's value and nothing else."""
        path = self._folder / f"{registration.client_id}.secret"
        value = registration.secrets[-1].value
        if not path.exists() or path.read_text() != value:
            write_private(path, value.encode())
        return path

    def create(
        self,
        name: str = "Test app",
        permissions: Iterable[str] = FIVE_PERMISSIONS,
        secret: Literal["valid", "expired", "none"] = "valid",  # noqa: S107 (a kind, no secret)
        disabled: bool = False,
        consented: bool = True,
        present: bool = True,
        redirect_uris: Iterable[str] = DEFAULT_REDIRECTS,
        certificate_pem: str | None = None,
        multi_tenant: bool = False,
        client_id: str | None = None,
    ) -> dict[str, str | None]:
        """A new registration; the answer is the only place where its secret appears.

        consented: False leaves every permission asked for but not granted.
        present:   False leaves the registration without a service principal in this tenant.
        Raises ValueError with a sentence when a value makes no sense.
        """
        if secret not in ("valid", "expired", "none"):
            raise ValueError("secret is one of valid, expired, none")
        if certificate_pem is not None:
            x509.load_pem_x509_certificate(certificate_pem.encode())
        wanted = sorted(set(permissions))
        granted = wanted if consented and present else []
        registration = Registration(
            client_id=(client_id or str(uuid.uuid4())).lower(),
            object_id=str(uuid.uuid4()),
            principal_id=str(uuid.uuid4()),
            name=name,
            created_at=_now(),
            permissions=wanted,
            secrets=[] if secret == "none" else [new_secret(expired=secret == "expired")],  # noqa: S105 (a kind, no secret)
            certificates=[certificate_pem] if certificate_pem else [],
            redirect_uris=list(redirect_uris),
            granted_roles=list(granted),
            granted_scopes=list(granted),
            disabled=disabled,
            present=present,
            multi_tenant=multi_tenant,
        )
        self._by_client[registration.client_id] = registration
        self.save()
        return described(registration)

    def save(self) -> None:
        content = [asdict(registration) for registration in self._by_client.values()]
        write_private(self._path, json.dumps(content, indent=1).encode())

    def _load(self) -> None:
        if not self._path.exists():
            return
        for entry in json.loads(self._path.read_text()):
            entry["secrets"] = [Secret(**secret) for secret in entry["secrets"]]
            registration = Registration(**entry)
            self._by_client[registration.client_id] = registration

    def _create_default(self) -> None:
        # The same client id in every world of this tenant, so that notes and scripts stay right; its secret is random.
        self.create(name="Seatwise", client_id=self._default_id, multi_tenant=True)
        self.default.principal_id = str(uuid.uuid5(uuid.UUID(self._tenant_id), "seatwise principal"))
        self.default.object_id = str(uuid.uuid5(uuid.UUID(self._tenant_id), "seatwise application"))
        self.save()


def open_registrations(data: Path, tenant_id: str) -> Registrations:
    return Registrations(private_folder(data / "registrations"), tenant_id)


def new_secret(*, expired: bool = False) -> Secret:
    """A secret of Microsoft's look: 40 characters, three of them, "8Q~", a mark that scanners know."""
    body = base64.urlsafe_b64encode(secrets.token_bytes(36)).decode().replace("-", ".").replace("_", "~")
    ends = dt.timedelta(days=-1 if expired else _SECRET_DAYS)
    return Secret(str(uuid.uuid4()), f"{body[:3]}8Q~{body[3:37]}", _now() + ends.total_seconds())


def described(registration: Registration) -> dict[str, str | None]:
    newest = registration.secrets[-1] if registration.secrets else None
    return {
        "client_id": registration.client_id,
        "client_secret": newest.value if newest else None,
        "secret_id": newest.id if newest else None,
        "object_id": registration.object_id,
        "principal_id": registration.principal_id,
    }


def _now() -> float:
    return dt.datetime.now(dt.UTC).timestamp()
