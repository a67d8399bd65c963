"""People, the workspaces they belong to with a role, and the single-use links that let somebody in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    def create(self, email: str, name: str, password: str) -> Person:  # type: ignore[override]  # the only way to make one
        """A person who can sign in. email: kept in lower case, so that it is unique whatever its letters."""
        person = self.model(email=email.strip().lower(), name=name.strip())
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in to this install; what they may do stands in their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=128)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[People] = People()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name


class Workspace(models.Model):
    """One company's place in this install: at most one Entra tenant, its members, its data. Strictly apart from others.

    is_sample: the made-up company of the demo; it can be removed with one click.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=128)
    tenant_id = models.CharField(max_length=36, unique=True, null=True, help_text="Entra tenant id, lower case")
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person is in a workspace."""

    class Role(models.TextChoices):
        OWNER = "owner", "Owner"
        ADMIN = "admin", "Admin"
        ANALYST = "analyst", "Analyst"
        VIEWER = "viewer", "Viewer"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "workspace"], name="one_role_a_person")]


class Link(models.Model):
    """A single-use link; only the hash of its token is kept.

    owner:   makes the bearer an owner of this install (of all its workspaces).
    invite:  makes the bearer a member of one workspace with the role.
    consent: lets an administrator of Entra approve the connection of one workspace, without an account here.
    password: lets one person, whose role then stands in `role`, choose a new password.
    """

    class Kind(models.TextChoices):
        OWNER = "owner"
        INVITE = "invite"
        CONSENT = "consent"
        PASSWORD = "password"  # noqa: S105 - the name of a kind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, hexadecimal")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, null=True, related_name="links")
    role = models.CharField(max_length=8, choices=Membership.Role.choices, blank=True)
    note = models.CharField(max_length=254, blank=True, help_text="whom it is meant for")
    cloud = models.CharField(max_length=32, blank=True, help_text="consent: the cloud that was chosen")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, related_name="+", help_text="password: whose it is"
    )
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
