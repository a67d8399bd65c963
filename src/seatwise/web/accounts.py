"""How people sign in: allauth, with sign-up closed; each sign-in noted in the audit log."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from seatwise.base import clock
from seatwise.control import access, audit, vault
from seatwise.control.models import Person
from seatwise.web import sessions
from seatwise.web.addresses import is_ours

_SEALED: Final = "sealed:"
_FIELD: Final = "second_factor"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return is_ours(url or "")

    def get_client_ip(self, request: HttpRequest) -> str:
        # The server has put the true address there, proxies that are trusted taken into account.
        return str(request.META.get("REMOTE_ADDR", ""))

    def forget_failures(self, request: HttpRequest, person: Person) -> None:
        """What allauth does after its own way of setting a forgotten password, which is closed here."""
        self._delete_login_attempts_cached_email(request, email=person.email)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """What allauth keeps of a second factor is sealed like every other secret; its own table holds a reference only."""

    def get_totp_label(self, user: Person) -> str:
        return user.email

    def encrypt(self, text: str) -> str:
        owner = uuid4()
        vault.store(owner, "install", _FIELD, text)
        return f"{_SEALED}{owner}"

    def decrypt(self, encrypted_text: str) -> str:
        return vault.fetch(UUID(encrypted_text.removeprefix(_SEALED)), _FIELD)


@receiver(post_delete, sender=Authenticator, dispatch_uid="seatwise.factor_gone")
def _shred(sender: Any, instance: Any, **_: Any) -> None:
    for told in instance.data.values():
        if isinstance(told, str) and told.startswith(_SEALED):
            vault.shred(UUID(told.removeprefix(_SEALED)))


def _address(request: HttpRequest | None) -> str:
    return "" if request is None else str(request.META.get("REMOTE_ADDR", ""))


@receiver(user_logged_in, dispatch_uid="seatwise.signed_in")
def _signed_in(sender: Any, request: HttpRequest | None, user: Person, **_: Any) -> None:
    if request is not None:
        sessions.begin(request.session, clock.wall())
    audit.note("sign_in", person=user, address=_address(request))


@receiver(user_login_failed, dispatch_uid="seatwise.sign_in_failed")
def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What was typed is told as the subject only when it is an address that exists here: people type passwords there.
    typed = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    person = Person.objects.filter(email=typed).first()
    audit.note("sign_in.failed", person=person, subject="" if person else "unknown address", address=_address(request))


@receiver(password_changed, dispatch_uid="seatwise.password_changed")
def _password(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    access.end_password_links(user)
    audit.note("password.changed", person=user, address=_address(request))


@receiver(authenticator_added, dispatch_uid="seatwise.factor_added")
def _added(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    is_totp = authenticator.type == "totp"
    audit.note("second_factor.added" if is_totp else "recovery_codes.made", person=user, address=_address(request))


@receiver(authenticator_reset, dispatch_uid="seatwise.factor_reset")
def _reset(sender: Any, request: HttpRequest, user: Person, **_: Any) -> None:
    audit.note("recovery_codes.made", person=user, address=_address(request))


@receiver(authenticator_removed, dispatch_uid="seatwise.factor_removed")
def _removed(sender: Any, request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    if authenticator.type == "totp":
        audit.note("second_factor.removed", person=user, address=_address(request))
