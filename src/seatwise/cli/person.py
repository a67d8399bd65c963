"""The commands for one person's data: `seatwise person export` and `seatwise person forget`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seatwise.base.errors import AskAdmin

app = typer.Typer(
    name="person",
    help="One person's data on request: hand it out whole, or forget it for good.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Who = Annotated[str, typer.Argument(metavar="ID", help="Object id in Entra, or an address they sign in with.")]
Tenant = Annotated[str | None, typer.Option("--tenant", metavar="ID", help="The Entra tenant; not needed for one.")]


@app.command()
def export(
    who: Who,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the archive (ZIP).")],
    tenant: Tenant = None,
) -> None:
    """Write everything that is kept about a person into one archive."""
    _start()
    from seatwise.control import answers, persons

    tenant_id = answers.tenant_of(tenant)
    if file.exists():
        raise AskAdmin(code="file_exists", sentence=f"{file} exists already; name another file.")
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("xb") as sink:
            draft.chmod(0o600)
            persons.export(None, tenant_id, who, sink)
        draft.rename(file)
    except OSError as error:
        raise AskAdmin(code="file_unwritable", sentence=f"{file} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(f"Written: {file}")


@app.command()
def forget(
    who: Who,
    tenant: Tenant = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="For somebody forgotten before, after restoring an older backup.")
    ] = False,
) -> None:
    """Forget a person for good: names, addresses and ids go, counts stay. Stopped half-way, run it again."""
    _start()
    from seatwise.control import answers, persons

    tenant_id = answers.tenant_of(tenant)
    if not yes:
        typer.confirm("This cannot be undone. Forget this person?", abort=True)
    row = persons.ask_again(tenant_id, who) if again else persons.ask(None, tenant_id, who)
    done = persons.finish(row, lambda step: typer.echo(f"Forgetting: {step}", err=True))
    typer.echo(
        f"Forgotten. Stands in their place: {done.stand_in}. Changed: {done.n_records:,} stored records, "
        f"{done.n_rows:,} rows, {done.n_texts:,} texts of the database; {done.n_files:,} old files removed."
    )
    typer.echo("Searched everything stored here: neither the id nor an address is left.")
    if done.elsewhere:
        places = ", ".join(sorted({one.where for one in done.elsewhere})[:10])
        typer.echo(f"A name or address that others bear too still stands in: {places}")
    typer.echo(persons.BACKUPS)


def _start() -> None:
    from seatwise.server.start import start

    start()
