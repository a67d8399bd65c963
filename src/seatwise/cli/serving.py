"""The commands that run the product as a service: serve, web, worker, owner-link, backup, restore."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

Host = Annotated[str | None, typer.Option(metavar="H", help="Address to listen on. Default: 127.0.0.1.")]
Port = Annotated[int | None, typer.Option(metavar="P", help="Port of the pages. Default: 8600.", min=1, max=65535)]
_Child = Annotated[bool, typer.Option("--child", hidden=True)]


def add(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (serve, web, worker, backup, restore):
        app.command()(command)
    app.command(name="owner-link")(owner_link)


def serve(host: Host = None, port: Port = None) -> None:
    """Start the pages and the worker, and keep both alive until Ctrl-C."""
    chosen(host, port)
    from seatwise.server import supervisor

    code = supervisor.serve()
    if code:
        raise typer.Exit(code)


def web(
    host: Host = None,
    port: Port = None,
    child: _Child = False,
    listener: Annotated[int, typer.Option(hidden=True)] = -1,
    silent: Annotated[bool, typer.Option("--silent", hidden=True)] = False,
) -> None:
    """Serve the pages only; `worker` does the syncs."""
    chosen(host, port)
    from seatwise.server import environment
    from seatwise.server import web as pages

    environment.check()
    given = socket.socket(fileno=listener) if listener >= 0 else None
    own = given or pages.listening(environment.host(), environment.port())
    pages.serve(own, is_silent=silent, is_child=child)


def worker(child: _Child = False) -> None:
    """Do the syncs only; several may run at once, on one data folder."""
    from seatwise.server.worker import Worker

    Worker(is_child=child).run()


def owner_link() -> None:
    """Print a new one-time link that makes its bearer an owner of this install; older ones stop working."""
    from seatwise.server.start import start
    from seatwise.server.web import owner_address

    start()
    typer.echo(owner_address())


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    with_keys: Annotated[
        Path | None, typer.Option("--with-keys", metavar="FILE", help="Write the keys too, to a file of their own.")
    ] = None,
) -> None:
    """Write database and lake to one file, while Seatwise works. The keys stay apart: see docs/operations.md."""
    from seatwise.server.start import start

    start()
    from seatwise.control import backup as backups

    made = backups.write(file.absolute(), with_keys.absolute() if with_keys else None)
    typer.echo(f"{file}: {made.n_files:,} files, {made.n_bytes / 2**20:,.1f} MiB, tenants: {len(made.tenants)}.")
    if with_keys is None:
        typer.echo("The keys are not in it. Without them no stored credential opens: keep a copy of keys/ elsewhere.")
    else:
        typer.echo(f"{with_keys}: the keys. Keep it away from the backup; both together open every credential.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    with_keys: Annotated[
        Path | None, typer.Option("--with-keys", metavar="FILE", help="The file its keys were written to.")
    ] = None,
) -> None:
    """Put a backup into an empty data folder. Nothing is ever overwritten."""
    from seatwise.control import backup as backups
    from seatwise.server import environment

    environment.check()
    data = environment.data_folder()
    vendor = environment.database(data)["ENGINE"].rpartition(".")[2].removesuffix("3")
    head = backups.restore(
        file.absolute(), data, keys_file=with_keys.absolute() if with_keys else None, vendor=vendor, start=_start
    )
    typer.echo(f"Restored what was backed up at {head['made_at']} into {data}.")
    if not any((data / "keys").glob("k*.key")):
        typer.echo(
            "The keys are not there: put them into keys/ (mode 600) before you start, or credentials stay locked."
        )


def _start() -> None:
    from seatwise.server.start import start

    start()


def chosen(host: str | None, port: int | None) -> None:
    """Options win over the environment, for this process and those it starts."""
    if host is not None:
        os.environ["SEATWISE_HOST"] = host
    if port is not None:
        os.environ["SEATWISE_PORT"] = str(port)
