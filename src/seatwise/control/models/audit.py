"""What happened and who did it; notices to people; what they thought of the guide."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn

from django.db import models

from seatwise.base.errors import Broken
from seatwise.control.models.people import Person, Workspace


class AuditEntry(models.Model):
    """One thing somebody did. Only ever added: the database itself refuses to change or delete a row.

    Names are kept beside the ids, so that an entry still speaks when the person or the workspace is gone.
    """

    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=254, blank=True)
    workspace_id = models.UUIDField(null=True)
    tenant_id = models.CharField(max_length=36, blank=True)
    action = models.CharField(max_length=48)
    subject = models.CharField(max_length=254, blank=True)
    detail: models.JSONField[Any, Any] = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True, help_text="network address it came from")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace_id", "-at"], name="audit_of_workspace")]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Broken(code="audit_is_append_only", sentence="The audit log is only ever added to. Nothing was changed.")


class Notice(models.Model):
    """Something the people of a workspace should see once, though the page was closed when it happened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="notices")
    code = models.CharField(max_length=32)
    sentence = models.TextField()
    created_at = models.DateTimeField()
    seen_by: models.ManyToManyField[Person, Any] = models.ManyToManyField(Person, related_name="+")


class GuideAnswer(models.Model):
    """An answer to “Was this guide helpful?”."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    is_helpful = models.BooleanField()
    reasons: models.JSONField[Any, Any] = models.JSONField(default=list)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
