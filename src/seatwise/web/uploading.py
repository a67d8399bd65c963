"""Takes files from a form: small ones in memory, others straight onto the disk they will stay on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class Handler(TemporaryFileUploadHandler):
    """Besides: a body that is too large, or whose sender is not signed in, leaves nothing on the disk.

    The request is told with `upload_refused`, a sentence.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        refused = ""
        if content_length > settings.UPLOAD_BYTES + (1 << 20):
            refused = (
                f"These files are larger than {settings.UPLOAD_BYTES >> 20} MB together. Hand them in one by one, "
                "packed, or on the command line: seatwise import FILES"
            )
        elif not getattr(getattr(self.request, "user", None), "is_authenticated", False):
            refused = "Sign in, then hand the files in again."
        self.request.upload_refused = refused  # type: ignore[union-attr]  # read by the view

    def new_file(self, *args: Any, **named: Any) -> None:
        if getattr(self.request, "upload_refused", ""):
            raise SkipFile
        super().new_file(*args, **named)
