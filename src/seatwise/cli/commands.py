"""The commands: parse, go through one of the two doors, show."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from seatwise.base import clock
from seatwise.base.errors import AskAdmin, SeatwiseError
from seatwise.cli import asking, decisions, keys, person, serving

app = typer.Typer(
    name="seatwise",
    help="See every SaaS app of a Microsoft Entra ID tenant: who has a seat, who used it, when last.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

IN_PART = 3


class Told(StrEnum):
    TABLE = "table"
    JSON = "json"


class Style(StrEnum):
    AUTO = "auto"
    LINES = "lines"


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = clock.parse_time(text)
    except (ValueError, SeatwiseError) as error:
        raise typer.BadParameter(f"{text!r} is not a time in UTC like 2026-11-24T08:00:00Z") from error
    clock.set_now(moment)
    return moment


Tenant = Annotated[str | None, typer.Option("--tenant", metavar="ID", help="The Entra tenant; not needed for one.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="What “now” is, like 2026-11-24T08:00:00Z. Default: now.")
]
Bars = Annotated[Style, typer.Option("--progress", help="auto: bars on a terminal; lines: JSON lines for scripts.")]


@app.command()
def connect(
    tenant: Annotated[str, typer.Option(metavar="ID", help="Directory (tenant) ID, or a verified domain.")],
    client_id: Annotated[str, typer.Option(metavar="ID", help="Application (client) ID of your app registration.")],
    secret_file: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="File with the client secret's value; - reads it from a pipe.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="PEM file with the certificate and its private key.")
    ] = None,
    cloud: Annotated[str, typer.Option(metavar="NAME", help="global, gcc-high, dod or china.")] = "global",
    graph: Annotated[
        str, typer.Option(metavar="URL", help="Another Graph address (a sandbox); with --authority.")
    ] = "",
    authority: Annotated[str, typer.Option(metavar="URL", help="Another sign-in address; with --graph.")] = "",
    ca: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificates (PEM) to trust for these.")] = None,
) -> None:
    """Connect a tenant with your own app registration. The secret is tested, then kept encrypted."""
    if (secret_file is None) == (certificate is None):
        raise typer.BadParameter("give either --secret-file or --certificate")
    if bool(graph) != bool(authority):
        raise typer.BadParameter("--graph and --authority belong together")
    _start()
    from seatwise.cli import show
    from seatwise.control import jobs
    from seatwise.control.connections import Details
    from seatwise.control.models import Connection

    secret = _text("--secret-file", secret_file) if secret_file else _text("--certificate", str(certificate))
    connection, checks = jobs.connect(
        Details(
            tenant=tenant,
            client_id=client_id,
            method=Connection.Method.SECRET if secret_file else Connection.Method.CERTIFICATE,
            secret=secret,
            cloud=cloud,
            authority=authority.rstrip("/"),
            graph=graph.rstrip("/"),
            ca_pem=_text("--ca", str(ca)) if ca else "",
        )
    )
    show.checks(checks)
    typer.echo(f"Connected: {connection.tenant_name or 'tenant'} ({connection.tenant_id}). Next: seatwise sync")


@app.command()
def sync(tenant: Tenant = None, as_of: AsOf = None, progress: Bars = Style.AUTO) -> None:
    """Read apps, people, seats and sign-ins from Microsoft. Later runs read only what is new."""
    now = _moment(as_of)
    _start()
    from seatwise.cli import show
    from seatwise.control import jobs

    with show.progress(progress) as report:
        connection, outcome = jobs.sync(tenant, now, report)
    if sys.stderr.isatty():
        show.outcome(outcome)
    for entry in outcome.missing:
        typer.echo(show.lack(entry), err=True)
    typer.echo(f"Synced {connection.tenant_name or connection.tenant_id}. Next: seatwise ask apps")
    if outcome.state == "partial":
        raise typer.Exit(IN_PART)


@app.command()
def doctor(tenant: Tenant = None) -> None:
    """Test a connection: token, tenant, permissions, licence, and the first page of everything that is read."""
    _start()
    from seatwise.cli import show
    from seatwise.control import jobs

    connection, checks = jobs.doctor(tenant)
    typer.echo(f"{connection.tenant_name or 'Tenant'} ({connection.tenant_id})")
    show.checks(checks)
    states = {check.state for check in checks}
    if "failed" in states or "missing" in states:
        raise typer.Exit(1 if "failed" in states and checks[0].state == "failed" else IN_PART)


@app.command(name="import")
def import_(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Exported files, or folders of them.")],
    tenant: Tenant = None,
    complete: Annotated[
        str | None,
        typer.Option(metavar="FROM/TO", help="Days you vouch for as complete, like 2026-10-01/2026-10-31."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and count everything, write nothing.")] = False,
    format: Annotated[Told, typer.Option("--format", help="How to tell what was read.")] = Told.TABLE,
    progress: Bars = Style.AUTO,
) -> None:
    """Read exported sign-in logs: no API access and no premium licence needed. See docs/import.md."""
    _start()
    from seatwise.cli import show
    from seatwise.cli.imported import tell
    from seatwise.control import jobs

    with show.progress(progress) as report:
        found = jobs.import_files(paths, tenant, complete, dry_run=dry_run, report=report)
    code = tell(found, as_json=format == Told.JSON, dry_run=dry_run)
    if code:
        raise typer.Exit(code)


@app.command()
def ask(
    name: Annotated[str, typer.Argument(metavar="NAME", help="products, people, teams, licences, …: see docs.")],
    tenant: Tenant = None,
    as_of: AsOf = None,
    format: asking.Format = asking.Shape.TABLE,
    output: asking.Output = None,
    microsoft: Annotated[bool, typer.Option("--microsoft", help="Show Microsoft's own apps too.")] = False,
    app_id: Annotated[str | None, typer.Option("--app", metavar="ID", help="One app only.")] = None,
    where: asking.Where = None,
    of: asking.Of = None,
    search: asking.Search = "",
    sort: asking.Order = None,
    limit: asking.Limit = None,
) -> None:
    """Ask what was read: which apps, which people, who has a seat and who uses it, what it costs, what is known."""
    moment = _moment(as_of)
    _start()
    from seatwise.cli import show
    from seatwise.control import answers

    if name not in answers.NAMES:
        raise typer.BadParameter(f"{name!r} is not known. Ask one of: {', '.join(answers.NAMES)}")
    answer = answers.ask(
        name,
        tenant,
        moment,
        microsoft=microsoft,
        app=app_id,
        of=asking.parameters(of or []),
        where=asking.filters(name, where or []),
        search=search,
        sort=asking.orders(sort or []),
        limit=limit,
    )
    asking.hand_out(name, answer, format, output)
    for entry in answer.missing:
        typer.echo(show.lack(entry), err=True)
    if answer.missing:
        raise typer.Exit(IN_PART)


@app.command()
def demo(
    users: Annotated[int, typer.Option(help="People in the sample company.", min=50, max=20_000)] = 300,
    seed: Annotated[int, typer.Option(help="Another number, another company.", min=0)] = 1,
    as_of: AsOf = None,
    once: Annotated[bool, typer.Option("--once", help="End after the table instead of serving the pages.")] = False,
    format: Annotated[Told, typer.Option("--format", help="How the apps are shown.")] = Told.TABLE,
    port: serving.Port = None,
    beside: Annotated[bool, typer.Option("--beside", hidden=True)] = False,
) -> None:
    """Start a made-up company, connect to it like to a real one, show its apps, and serve the pages."""
    moment = _moment(as_of) or clock.now().replace(minute=0, second=0, microsecond=0)
    clock.set_now(moment)
    from seatwise.cli.demo import run

    as_json = format == Told.JSON
    code = run(users=users, seed=seed, as_of=moment, once=once, as_json=as_json, port=port, beside=beside)
    if code:
        raise typer.Exit(code)


serving.add(app)
app.add_typer(keys.app)
app.add_typer(person.app)
app.add_typer(decisions.app)


def _start() -> None:
    from seatwise.server.start import start

    start()


def _text(option: str, source: str) -> str:
    if source == "-":
        return sys.stdin.read()
    try:
        return Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise AskAdmin(code="file_unreadable", sentence=f"{option} {source} cannot be read: {why}.") from error
