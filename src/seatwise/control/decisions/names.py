"""Who sees people's names, and who their pseudonyms."""

from __future__ import annotations

from seatwise.control import access
from seatwise.control.decisions.current import Key, held
from seatwise.control.models import Person, Workspace


def may_see_names(person: Person, workspace: Workspace) -> bool:
    """By role; a viewer when the workspace decided so. A stranger never."""
    rights = access.rights_of(person, workspace)
    if "names" in rights:
        return True
    return "view" in rights and bool(held(workspace).values.get(Key("workspace", "", "viewers_see_names")))
