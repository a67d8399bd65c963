"""The commands of the sandbox: serve it, export its logs, ask for the truth about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from entra_sandbox import oracle
from entra_sandbox.control import parse_time, show_time
from entra_sandbox.oracle import decided
from entra_sandbox.world import World


def _time(text: str) -> datetime:
    try:
        return parse_time(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-10-01T08:00:00Z") from problem


def _named(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE, as by=department")
    return name, value


def _decided(text: str) -> decided.Decided:
    try:
        return decided.read(Path(text).read_text())
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise argparse.ArgumentTypeError(f"{text!r} holds no decisions: {problem}") from problem


def parser() -> argparse.ArgumentParser:
    world = argparse.ArgumentParser(add_help=False)
    group = world.add_argument_group("the company")
    group.add_argument("--users", type=int, default=300, help="enabled members at any time (default 300)")
    group.add_argument("--apps", type=int, default=80, help="apps beside Microsoft's own (default 80)")
    group.add_argument("--seed", type=int, default=1, help="another seed is another company (default 1)")
    group.add_argument(
        "--sign-ins-per-day", type=float, default=3.0, help="sign-in records a person and day (default 3)"
    )
    group.add_argument("--as-of", type=_time, default=None, help="the company's now, RFC 3339; default: this hour")
    premium = argparse.ArgumentParser(add_help=False)
    premium.add_argument("--no-premium", action="store_true", help="a tenant without Entra ID P1")

    top = argparse.ArgumentParser(
        prog="entra-sandbox",
        description="A Microsoft Entra tenant on this machine: login "
        "and Graph over TLS, with a made-up company behind them.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", parents=[world, premium], help="answer as login and Graph until Ctrl-C")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8443, help="TLS port of login and Graph; 0 takes any (default 8443)")
    serve.add_argument(
        "--pages-port", type=int, default=None, help="plain port of the sign-in pages (default port + 1)"
    )
    serve.add_argument("--limits", choices=("documented", "off"), default="documented", help="throttle as Graph does")
    serve.add_argument("--data", type=Path, default=None, help="folder for certificates, keys and registrations")
    serve.add_argument("--ready-file", type=Path, default=None, help="write addresses there, as JSON, when listening")

    export = commands.add_parser("export", parents=[world], help="write sign-ins as diagnostic settings would")
    export.add_argument("folder", type=Path, metavar="DIR")
    export.add_argument("--days", type=int, default=120, help="days back from as-of (default 120)")

    truth = commands.add_parser("oracle", parents=[world, premium], help="the truth, counted without the wire")
    truth.add_argument("name", choices=oracle.NAMES, metavar="NAME", help=", ".join(oracle.NAMES))
    truth.add_argument("--days", type=int, default=None, help="as if an export of the last N days was imported as well")
    truth.add_argument("--first-sync", type=_time, default=None, help="as if an earlier sync had been complete then")
    truth.add_argument("--microsoft", action="store_true", help="Microsoft's own apps too")
    truth.add_argument("--app", default=None, metavar="ID", help="only this app id")
    truth.add_argument("--ignored", action="store_true", help="products people chose to ignore too")
    truth.add_argument(
        "--decided", type=_decided, default=None, metavar="FILE", help="what people decided: a JSON object, see docs"
    )
    truth.add_argument(
        "--of", type=_named, action="append", default=[], metavar="NAME=VALUE", help="a parameter of the answer"
    )
    truth.add_argument("--format", choices=("json", "table"), default="table")
    return top


def main(arguments: Sequence[str] | None = None) -> None:
    wish = parser().parse_args(arguments)
    if wish.users < 1 or wish.apps < 1 or wish.sign_ins_per_day < 0:
        parser().error("--users and --apps start at 1, --sign-ins-per-day at 0")
    world = World(
        users=wish.users,
        apps=wish.apps,
        seed=wish.seed,
        sign_ins_per_day=wish.sign_ins_per_day,
        premium=not getattr(wish, "no_premium", False),
    )
    command = {"serve": _serve, "export": _export, "oracle": _oracle}[wish.command]
    command(wish, world)


def _this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def data_folder(wish: Path | None) -> Path:
    if wish is not None:
        return wish
    return Path(os.environ.get("SEATWISE_DATA", "data")) / "sandbox"


def _serve(wish: argparse.Namespace, world: World) -> None:
    # Only serving needs the web parts; the oracle stays quick to start.
    from entra_sandbox.serve import serve

    try:
        data_folder(wish.data).mkdir(parents=True, exist_ok=True, mode=0o700)
        asyncio.run(
            serve(
                world,
                data=data_folder(wish.data),
                host=wish.host,
                port=wish.port,
                pages_port=wish.pages_port,
                premium=not wish.no_premium,
                limits=wish.limits,
                as_of=wish.as_of,
                ready_file=wish.ready_file,
                settings={
                    "users": wish.users,
                    "apps": wish.apps,
                    "seed": wish.seed,
                    "sign_ins_per_day": wish.sign_ins_per_day,
                },
            )
        )
    except OSError as problem:
        sys.exit(f"The sandbox could not start: {problem}. Is the port taken? Try --port 0.")
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")


def _export(wish: argparse.Namespace, world: World) -> None:
    from entra_sandbox import export

    as_of = wish.as_of or _this_hour()
    summary = export.write(world, wish.folder, as_of, wish.days)
    sys.stdout.write(
        json.dumps(
            {"folder": str(wish.folder), "as_of": show_time(as_of), "days": wish.days, "summary": summary}, default=str
        )
        + "\n"
    )


def _oracle(wish: argparse.Namespace, world: World) -> None:
    answer = oracle.answer(
        wish.name,
        world,
        as_of=wish.as_of or _this_hour(),
        days=wish.days,
        first_sync=wish.first_sync,
        microsoft=wish.microsoft,
        premium=not wish.no_premium,
        app=wish.app,
        decided=wish.decided,
        of=dict(wish.of),
        ignored=wish.ignored,
    )
    if wish.format == "json":
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(as_table(answer))


def as_table(answer: dict[str, Any]) -> str:
    names = [column["name"] for column in answer["columns"]]
    rows = [[_cell(row[name]) for name in names] for row in answer["rows"]]
    widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(names)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [names, ["-" * width for width in widths], *rows]
    ]
    coverage = answer.get("coverage") or {}
    tail = f"as of {answer.get('as_of')} · {len(rows)} rows · coverage {coverage.get('state', '?')}"
    return "\n".join([*lines, tail]) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
