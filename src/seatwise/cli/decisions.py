"""The commands for what people decided: `seatwise decisions export` and `seatwise decisions import`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from seatwise.base.errors import AskAdmin

app = typer.Typer(
    name="decisions",
    help="Prices, owners, apps and seats that people decide: handed out as a file, or taken in from one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

IN_PART = 3
Tenant = Annotated[str | None, typer.Option("--tenant", metavar="ID", help="The Entra tenant; not needed for one.")]


class Out(StrEnum):
    ALL = "all"
    PRICES = "prices"
    SEATS = "seats"


class In(StrEnum):
    PRICES = "prices"
    APPS = "apps"
    SEATS = "seats"


@app.command()
def export(
    what: Annotated[Out, typer.Argument(help="all: everything that holds, as JSON; prices or seats: as CSV.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    tenant: Tenant = None,
) -> None:
    """Write what holds now into a file; the CSV files can be imported again."""
    workspace = _workspace(tenant)
    from seatwise.control import decisions
    from seatwise.control.decisions import files

    if what is Out.ALL:
        text = json.dumps(decisions.to_json(decisions.decided(workspace)), indent=2, ensure_ascii=False) + "\n"
    else:
        text = (files.export_prices if what is Out.PRICES else files.export_seats)(workspace)
    _write(file, text)
    typer.echo(f"Written: {file}")


@app.command(name="import")
def import_(
    what: Annotated[In, typer.Argument(help="What the rows are about.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")],
    tenant: Tenant = None,
    yes: Annotated[bool, typer.Option("--yes", help="Apply it; without, only what it would do is told.")] = False,
    wrong: Annotated[
        Path | None, typer.Option("--wrong", metavar="FILE", help="Where to write the rows that cannot be used.")
    ] = None,
) -> None:
    """Read a CSV file row by row. Good rows are applied with --yes, the others are told with the reason."""
    workspace = _workspace(tenant)
    from seatwise.control.decisions import files

    try:
        data = file.read_bytes()
    except OSError as error:
        raise AskAdmin(code="file_unreadable", sentence=f"{file} cannot be read: {error.strerror}.") from error
    read = {In.PRICES: files.read_prices, In.APPS: files.read_apps, In.SEATS: files.read_seats}[what]
    reading = read(data, workspace)
    for line in reading.wrong:
        typer.echo(f"Row {line.number}: {line.reason}", err=True)
    if reading.sheet.unknown:
        typer.echo(f"Columns that are passed over: {', '.join(reading.sheet.unknown)}", err=True)
    if wrong is not None and reading.wrong:
        _write(wrong, reading.handed_back())
    done = "changed" if yes else "would change"
    if yes and reading.good:
        files.apply(None, workspace, reading)
    told = f"{len(reading.good)} {done}, {reading.n_same} as they are already, {len(reading.wrong)} cannot be used"
    typer.echo(f"{len(reading.lines)} rows: {told}.")
    if reading.wrong:
        raise typer.Exit(IN_PART)


def _write(file: Path, text: str) -> None:
    """Read by nobody else: the files hold prices and addresses."""
    try:
        with file.open("x", encoding="utf-8", newline="") as sink:
            file.chmod(0o600)
            sink.write(text)
    except FileExistsError as error:
        raise AskAdmin(code="file_exists", sentence=f"{file} exists already; name another file.") from error
    except OSError as error:
        raise AskAdmin(code="file_unwritable", sentence=f"{file} cannot be written: {error.strerror}.") from error


def _workspace(tenant: str | None):  # type: ignore[no-untyped-def]  # the models cannot be named before the start
    from seatwise.server.start import start

    start()
    from seatwise.control import answers
    from seatwise.control.models import Workspace

    tenant_id = answers.tenant_of(tenant)
    found = Workspace.objects.filter(tenant_id=tenant_id).first()
    if found is None:
        raise AskAdmin(code="workspace_missing", sentence="Decisions belong to a company. Connect this tenant first.")
    return found
