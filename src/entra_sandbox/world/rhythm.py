"""When people work: weekdays, holidays, office hours where they live."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from entra_sandbox.world.chance import F64, I64, U64, joined, share

PLACES = (
    ("Hamburg", "Hamburg", "DE", 1), ("Lyon", "Auvergne-Rhone-Alpes", "FR", 1), ("Gdańsk", "Pomorskie", "PL", 1),
    ("Θεσσαλονίκη", "Κεντρική Μακεδονία", "GR", 2), ("Manchester", "England", "GB", 0), ("Toronto", "Ontario", "CA",
    -5),
    ("Pune", "Maharashtra", "IN", 5), ("Osaka", "Osaka", "JP", 9), ("São Paulo", "Sao Paulo", "BR", -3), ("Haifa",
    "Haifa", "IL", 2),
)  # fmt: skip
# Which place a person's number (0 to 99) means: most work where the company is.
HOME = np.array([0] * 45 + [1] * 12 + [2] * 10 + [3] * 5 + [4] * 8 + [5] * 8 + [6] * 4 + [7] * 3 + [8] * 3 + [9] * 2)
_OFFSET = np.array([p[3] for p in PLACES])
_FIRST = date(1970, 1, 1)
_HOLIDAYS = {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}


def day_number(day: date) -> int:
    return (day - _FIRST).days


def _factor(day: date) -> float:
    if (day.month, day.day) in _HOLIDAYS:
        return 0.06
    quiet = 0.55 if (day.month, day.day) > (12, 20) or day.month == 8 else 1.0
    return quiet * (1.0, 1.05, 1.02, 1.0, 0.85, 0.1, 0.07)[day.weekday()]


FACTORS = np.array([_factor(_FIRST + timedelta(days=n)) for n in range(24_000)])
MEAN_FACTOR = float(FACTORS[19_000:22_650].mean())
AWAY, AWAY_FACTOR = 0.07, 0.03


def eagerness(person_key: U64, day: I64) -> F64:
    """What a working day's rate is to be multiplied with; people are away for nine days now and then."""
    away = share(joined(person_key, day // 9), 11) < AWAY
    factor: F64 = FACTORS[day] * np.where(away, AWAY_FACTOR, 1.0)
    return factor


def seconds_of_day(h: U64, place: I64) -> F64:
    """When something happens, mostly in the office hours of the place, UTC."""
    office = 7.3 + 11.0 * (share(h, 2) + share(h, 3)) / 2
    hour = np.where(share(h, 4) < 0.1, 24 * share(h, 2), office) - _OFFSET[place]
    seconds: F64 = (hour % 24) * 3600
    return np.minimum(seconds, 86399.0)
