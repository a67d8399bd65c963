"""Takes the pictures of every page and dialog state, light and dark, on a desk and on a phone."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page
from small_png import small_png

from tests.browser import walks
from tests.browser.stage import Stage, stage
from tests.browser.states import BROKEN, CONNECTED, EMPTY, WAYS_IN, State
from tests.support.chromium import THEMES, WIDTHS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
COMPANY = {"users": 300, "apps": 80, "seed": 1, "as_of": "2026-10-14T10:00:00Z"}
TALLEST = 2600  # pixels; what stands below says nothing new
SHOWN = (1440, 390)


# Prices, owners and renewals, so that the pictures show money. Some apps have none, as everywhere.
_PRICES = """
from datetime import date
from decimal import Decimal
from seatwise.control import answers, decisions
from seatwise.control.decisions import Change, Terms
from seatwise.control.models import Person, Workspace
workspace, owner = Workspace.objects.get(), Person.objects.first()
names = ("Amara Osei", "Jonas Lindqvist", "Priya Raman")
rows = answers.ask("products", workspace.tenant_id).result.rows
told = []
for i, row in enumerate(each for each in rows if each["n_seats"]):
    subject = ("product", row["product_id"])
    if i % 5 != 4:
        is_contract = i % 7 == 3
        price = Terms(
            amount=Decimal(9600) if is_contract else Decimal("6.50") + 3 * (i % 9),
            currency="EUR",
            basis="contract" if is_contract else "seat",
            period="year" if is_contract else "month",
            seats_bought=row["n_seats"] + 6 if is_contract else None,
            renewal_on=date(2026, 11, 1 + i % 28) if i % 3 == 0 else None,
            notice_days=30 if i % 3 == 0 else None,
        )
        told.append(Change(*subject, "price", price, row["name"]))
    if i % 2 == 0:
        told.append(Change(*subject, "owner", names[i % 3], row["name"]))
decisions.decide(owner, workspace, told)
"""


def main(wanted: list[str]) -> None:
    known = [state.name for state in (*WAYS_IN, *EMPTY, *CONNECTED, *BROKEN)]
    unknown = set(wanted) - set(known)
    if unknown:
        sys.exit(f"No such state: {', '.join(sorted(unknown))}. Known: {', '.join(known)}")

    def chosen(states: Iterable[State]) -> list[State]:
        return [state for state in states if not wanted or state.name in wanted]

    with (
        tempfile.TemporaryDirectory(prefix="pictures-") as folder,
        stage(Path(folder) / "install", world=COMPANY, SEATWISE_NOW=str(COMPANY["as_of"])) as made,
    ):
        failed = [state.name for state in chosen([*WAYS_IN, *EMPTY]) if not taken(made, state)]
        if chosen([*CONNECTED, *BROKEN]):
            made.clear()
            connect(made)
        failed += [state.name for state in chosen([*CONNECTED, *BROKEN]) if not taken(made, state)]
    if failed:
        sys.exit(f"Without a picture: {', '.join(failed)}")


def taken(made: Stage, state: State) -> bool:
    """Whether it worked; one state that cannot be reached must not cost the pictures of the others."""
    try:
        take(made, state)
    except (PlaywrightError, AssertionError) as error:
        print(f"{state.name}: {error}", file=sys.stderr, flush=True)  # noqa: T201 - for who runs it
        return False
    return True


def connect(made: Stage) -> None:
    with made.visit() as seen:
        page = seen.go(made.path())
        made.connected_by_secret(page)
        walks.is_synced(page)
    made.install.inside(_PRICES)


def take(made: Stage, state: State) -> None:
    """One walk, at the desk's width: on a phone the menu hides behind a button. All pictures show the same moment."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with made.visit(signed_in=state.is_signed_in, is_checked=False) as seen:
        page, blank = seen.page(), seen.page()
        with state.shown(made, seen, page):
            page.bring_to_front()
            for width in SHOWN:
                for theme in THEMES:
                    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
                    if state.at_width:
                        state.at_width(page)
                    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                    path = FOLDER / f"{state.name}-{width}-{theme}.png"
                    path.write_bytes(small_png(blank, shot(page, width)))
                    print(f"{path.name}  {path.stat().st_size // 1024} KiB", flush=True)  # noqa: T201 - for who runs it


def shot(page: Page, width: int) -> bytes:
    if page.locator("dialog[open]").count():
        return page.screenshot()
    height = int(page.evaluate("() => document.documentElement.scrollHeight"))
    tall = max(WIDTHS[width], min(height, TALLEST))
    page.set_viewport_size({"width": width, "height": tall})
    return page.screenshot()


if __name__ == "__main__":
    main(sys.argv[1:])
