"""What is wrong with a decision, field by field."""

from __future__ import annotations

from collections.abc import Mapping

from seatwise.base.errors import AskAdmin


class Wrong(AskAdmin):
    """A value that cannot be decided. Nothing was written.

    fields:  one sentence by field; of a price by its part ("amount", "currency" …).
    """

    def __init__(self, fields: Mapping[str, str], *, code: str = "decision_wrong") -> None:
        super().__init__(code=code, sentence=" ".join(dict.fromkeys(fields.values())))
        self.fields = dict(fields)
