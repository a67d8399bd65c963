"""Where things of one tenant lie on disk; no path leads from one tenant to another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from seatwise.lake.forgotten import NOBODY, Forgotten

_TENANT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one tenant under the data folder.

    tenant_id:  a GUID, kept in lower case. Anything else raises ValueError, so an id can never be a path.
    forgotten:  whom no page may tell of that is kept here; for whoever writes.
    """

    root: Path
    tenant_id: str
    forgotten: Forgotten = field(default=NOBODY, compare=False, repr=False)

    def __post_init__(self) -> None:
        lowered = self.tenant_id.lower()
        if not _TENANT.fullmatch(lowered):
            raise ValueError("a tenant id is a GUID")
        object.__setattr__(self, "tenant_id", lowered)
        object.__setattr__(self, "root", Path(self.root))

    @property
    def home(self) -> Path:
        return self.root / "lake" / self.tenant_id

    @property
    def packages(self) -> Path:
        return self.home / "packages"

    @property
    def tables(self) -> Path:
        return self.home / "tables"

    def package_folder(self, dataset: str) -> Path:
        return self.packages / _checked(dataset)

    def table(self, name: str) -> Path:
        return self.tables / _checked(name)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("a data set is named in small letters, digits and underscores")
    return name
