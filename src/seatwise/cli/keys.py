"""The commands around the key-encryption keys: `seatwise keys list` and `seatwise keys rotate`."""

from __future__ import annotations

import sys

import typer

app = typer.Typer(
    name="keys",
    help="The keys that stored credentials are sealed with: list them, change them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(name="list")
def list_() -> None:
    """Show which keys there are, where, and how many credentials each one protects."""
    _start()
    from seatwise.control import vault

    found = vault.listed()
    if not found:
        typer.echo("No key yet: the first one is made when the first credential is stored.")
    for key in found:
        since = f"since {key.since:%d %b %Y}" if key.since else "never used"
        typer.echo(f"{key.key_id}  {key.state}  protects {key.n_data_keys}  {since}  {key.where}")
    if vault.state() not in ("ready", "empty"):
        vault.check()


@app.command()
def rotate() -> None:
    """Move every stored credential to a new key, while Seatwise runs. Stopped half-way, run it again: it goes on."""
    _start()
    from seatwise.control import vault

    def report(done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total or done % 100 == 0:
            typer.echo(f"Moved {done} of {total}", err=True)

    done = vault.rotate(report)
    if not done.retired:
        typer.echo(f"Nothing was sealed yet. Key {done.key_id} is ready.")
        return
    goes_on = "The rotation that was stopped is finished" if done.is_resumed else "Done"
    retired = " and ".join(done.retired)
    typer.echo(
        f"{goes_on}: every credential is protected by key {done.key_id} now; {retired} is retired. "
        "Back the new key up, apart from the database. Keep the retired one as long as older backups."
    )


def _start() -> None:
    from seatwise.server.start import start

    start()
