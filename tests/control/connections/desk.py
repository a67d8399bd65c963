"""What the tests of connections share: a sandbox, a workspace with its owner, and a browser that goes to Microsoft."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from seatwise.base.errors import AskAdmin
from tests.entra_sandbox.browser import Browser, Page
from tests.support.sandbox import Sandbox

if TYPE_CHECKING:
    from seatwise.control.models import Attempt, Connection, Person, Workspace

CALLBACK = "http://localhost:8600/connect/azureactivedirectory/callback"
ADMIN, APP_ADMIN, PLAIN, PERSONAL = (
    "Sandbox Administrator",
    "Sandbox Application Administrator",
    "Sandbox User",
    "Sandbox Personal",
)
OTHER_TENANT = "0f000000-1111-4222-8333-444455556666"
PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
Back = dict[str, str]
SESSION = "the-session-key-of-this-browser-0001"
FIVE = ("Directory.Read.All", "AuditLog.Read.All", "Group.Read.All", "GroupMember.Read.All", "User.Read.All")


@dataclass
class Desk:
    """One owner with a workspace, in front of one sandbox tenant. client_id: the install's registration there."""

    sandbox: Sandbox
    data: Path
    workspace: Workspace
    owner: Person
    client_id: str
    session: str = SESSION
    seen: list[str] = field(default_factory=list)

    def begin(self, purpose: str = "connect", **changed: Any) -> str:
        from seatwise.control import connections

        wish = {"workspace": self.workspace, "person": self.owner, "session_key": self.session, "cloud": "sandbox"}
        address, _ = connections.begin_sign_in(**{**wish, "purpose": purpose, "redirect_uri": CALLBACK, **changed})
        return address

    def walk(self, address: str, who: str = ADMIN, press: str = "Accept", **more: str) -> Page:
        """Where Microsoft's pages end: an error page of theirs, or the redirect to us."""
        browser = Browser(self.sandbox.ca)
        page = browser.press(browser.open(address), who)
        return page if page.location or not page.forms else browser.press(page, press, **more)

    def back(self, address: str, who: str = ADMIN, press: str = "Accept", **more: str) -> dict[str, str]:
        """The parameters the browser comes back with."""
        page = self.walk(address, who, press, **more)
        assert page.location.startswith(CALLBACK), page.text
        return page.sent()

    def sign_in(self, who: str = ADMIN, purpose: str = "connect", press: str = "Accept") -> Attempt:
        from seatwise.control import connections

        return connections.complete(self.back(self.begin(purpose), who, press), self.session)

    def consent_link(self) -> str:
        from seatwise.control import access

        return access.consent_link(self.owner, self.workspace, "sandbox")

    def consent(self, who: str = ADMIN, press: str = "Accept", **changed: str) -> dict[str, str]:
        from seatwise.control import connections

        token = changed.pop("token", "") or self.consent_link()
        return self.back(connections.begin_consent(token, self.session, CALLBACK), who, press)

    @property
    def connection(self) -> Connection:
        from seatwise.control.models import Connection

        return Connection.objects.select_related("workspace").get(workspace=self.workspace)

    def is_untouched(self) -> bool:
        """Nothing is connected and nothing is sealed but the install's registration and attempts under way."""
        from seatwise.control.models import Connection, Secret

        self.workspace.refresh_from_db()
        kept = set(Secret.objects.values_list("field", flat=True)) - {"verifier", "secret", "certificate"}
        return not Connection.objects.exists() and not kept and self.workspace.tenant_id is None

    def does(self, name: str, **more: Any) -> None:
        self.sandbox.control("POST", "/identity", {"do": name, "client_id": self.client_id, **more})

    def tokens_asked(self, grant: str) -> int:
        return int(self.sandbox.control("GET", "/requests")["tokens"].get(grant, 0))


def params(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def ready_file(sandbox: Sandbox, folder: Path) -> Path:
    """The file of addresses as the sandbox writes it, without a registration of its own."""
    path = folder / "sandbox.json"
    path.write_text(
        json.dumps(
            {
                "graph": sandbox.graph,
                "authority": sandbox.authority,
                "pages": sandbox.pages,
                "ca": str(sandbox.ca),
                "tenant_id": sandbox.tenant_id,
            }
        )
    )
    return path


def registered(sandbox: Sandbox, **wish: Any) -> dict[str, Any]:
    given = {"name": "Seatwise of this install", "multi_tenant": True, "consented": False, **wish}
    given.setdefault("redirect_uris", [CALLBACK])
    answer: dict[str, Any] = sandbox.control("POST", "/registrations", given)
    return answer


def desk(sandbox: Sandbox, data: Path, **wish: Any) -> Desk:
    """A desk whose install has a registration of its own at the sandbox."""
    from seatwise.control import connections
    from seatwise.control.models import Membership, Person, Workspace

    # No password: nobody signs in here, and hashing one takes longer than the test.
    owner = Person(email="dana@northwind.example", name="Dana Kowalski", password="!")
    owner.save()
    workspace = Workspace.objects.create(name="Northwind")
    Membership.objects.create(person=owner, workspace=workspace, role="owner")
    made = registered(sandbox, **wish)
    connections.set_registration(owner, "sandbox", made["client_id"], secret=made["client_secret"])
    return Desk(sandbox, data, workspace, owner, made["client_id"])


def details(sandbox: Sandbox, made: dict[str, Any], **changed: Any) -> Any:
    from seatwise.control import connections
    from seatwise.control.models import Connection

    given = {
        "tenant": sandbox.tenant_id,
        "client_id": made["client_id"],
        "method": Connection.Method.SECRET,
        "secret": made["client_secret"],
        "cloud": "sandbox",
    }
    return connections.Details(**{**given, **changed})


def refused(at: Desk, back: Back, session: str | None = None) -> str:
    """The code of the refusal, wherever it is told; nothing may have been stored."""
    from seatwise.control import connections
    from seatwise.control.models import Secret

    try:
        attempt = connections.complete(back, at.session if session is None else session)
    except AskAdmin as error:
        code, sentence = error.code, error.sentence
    else:
        assert attempt.outcome["state"] != "connected", attempt.outcome
        code, sentence = attempt.outcome["code"], attempt.outcome["sentence"]
        assert not Secret.objects.filter(data_key_id=attempt.id).exists()
    assert sentence.endswith(".") and ". " in sentence, sentence
    assert all(value not in sentence for value in back.values() if len(value) > 20), sentence
    assert at.is_untouched()
    return code
