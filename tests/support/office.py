"""LibreOffice without a screen, as the foreign judge of our files: what it makes of them, cell by cell."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# What a hasty person would click: every separator offered, numbers guessed, formulas run.
CARELESS = "CSV:44/59/9,34,76,1,,0,false,true,false,false,false,0,true"
# Every column as text, as it stands in the file.
PLAIN = f"CSV:44,34,76,1,{'/'.join(f'{n}/2' for n in range(1, 60))},0,false,false"


@dataclass
class Opened:
    """A file as LibreOffice sees it.

    sheets:    rows by name; a cell is a float, a bool, text (dates are text in ISO form) or None when it is empty.
    formulas:  of all sheets; links:  to files or programs elsewhere.
    """

    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    formulas: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def opened(path: Path, filter_: str | None = None) -> Opened:
    program = shutil.which("soffice")
    if program is None:
        pytest.fail("This check opens files in LibreOffice. Install it: apt-get install libreoffice-calc-nogui")
    out = path.parent / "opened"
    told = [f"--infilter={filter_}"] if filter_ else []
    subprocess.run(
        [
            program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation=file://{path.parent / 'profile'}",
            *told,
            "--convert-to",
            "fods",
            "--outdir",
            str(out),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return _parsed((out / path.with_suffix(".fods").name).read_bytes())


def _parsed(content: bytes) -> Opened:
    found = Opened()
    root = ElementTree.fromstring(content)  # noqa: S314 - as above
    for table in root.iter(f"{_TABLE}table"):
        rows: list[list[Any]] = []
        for row in table.iter(f"{_TABLE}table-row"):
            cells: list[Any] = []
            for cell in row:
                formula = cell.get(f"{_TABLE}formula")
                # LibreOffice itself writes a typed truth value so.
                if formula and formula not in ("of:=TRUE()", "of:=FALSE()"):
                    found.formulas.append(formula)
                times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
                cells += [_value(cell)] * min(times, 200)
            while cells and cells[-1] is None:
                cells.pop()
            rows += [cells] * min(int(row.get(f"{_TABLE}number-rows-repeated", "1")), 3)
        while rows and not rows[-1]:
            rows.pop()
        found.sheets[table.get(f"{_TABLE}name", "")] = rows
    found.links = [node.tag for node in root.iter() if node.tag.endswith(("dde-source", "dde-link", "table-source"))]
    return found


def _value(cell: ElementTree.Element) -> Any:
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "currency" | "percentage":
            return float(cell.get(f"{_OFFICE}value", "nan"))
        case "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true"
        case "date":
            return cell.get(f"{_OFFICE}date-value")
        case "string":
            return "\n".join(_told(line) for line in cell.iter(f"{_TEXT}p"))
    return None


def _told(node: ElementTree.Element) -> str:
    parts = [node.text or ""]
    for child in node:
        name = child.tag.removeprefix(_TEXT)
        if name == "s":
            parts.append(" " * int(child.get(f"{_TEXT}c", "1")))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        else:
            parts.append(_told(child))
        parts.append(child.tail or "")
    return "".join(parts)
