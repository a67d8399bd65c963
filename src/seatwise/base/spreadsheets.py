"""Text for spreadsheets: what a spreadsheet could take for a formula is led by an apostrophe, here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# Every character that compatibility folding turns into text beginning with = + - @, and the true minus sign.
FORMULA_STARTS: Final = "=+-@⁺⁻⁼₊₋₌−⩵⩶﬩﹢﹣﹦﹫＋－＝＠"
_BLANK_STARTS: Final = ("\t", "\r", "\n")
# Programs trim these, or show nothing for them, before they look at what a cell begins with; quotes go when they
# part cells elsewhere than we do.
_PASSED_OVER: Final = (
    r"\s\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff\""
)
# Programs set to part cells at semicolons or tabs, or that do not mind our quotes, begin a new cell behind these.
_SEPARATORS: Final = r";\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_STARTS: Final = re.escape(FORMULA_STARTS)
_RISK: Final = re.compile(rf"(\A|[{_SEPARATORS}])(?=[{_PASSED_OVER}]*[{_STARTS}])")
_GUARD: Final = re.compile(rf"(\A|[{_SEPARATORS}])'(?=['{_PASSED_OVER}]*[{_STARTS}])")
_QUOTED: Final = re.compile(rf"[\",|{_SEPARATORS}]|\A\s|\s\Z")


def guarded(text: str) -> str:
    """The text for a cell of a CSV file, an apostrophe before each place where a formula could begin.

    Guarding twice changes nothing more. Typed cells of a workbook need no guard: there text is text.
    Source:  OWASP, "CSV Injection"; and what LibreOffice and Excel do with other separators and with full-width signs.
    """
    told = _RISK.sub(r"\1'", text)
    return f"'{told}" if told.startswith(_BLANK_STARTS) else told


def unguarded(text: str) -> str:
    """What `guarded` was given, for a file that comes back to us."""
    told = text[1:] if text.startswith(tuple(f"'{start}" for start in _BLANK_STARTS)) else text
    return _GUARD.sub(r"\1", told)


def csv_line(cells: Iterable[str]) -> str:
    """One record by RFC 4180, line end included.

    Cells are guarded already. Quoted is also what other separators than ours would part.
    """
    line = ",".join(map(_quoted, cells))
    # One empty cell would be an empty line, which readers pass over.
    return (line or '""') + "\r\n"


def _quoted(cell: str) -> str:
    if _QUOTED.search(cell) is None:
        return cell
    return '"' + cell.replace('"', '""') + '"'
