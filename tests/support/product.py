"""The product as a person runs it: a program with a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ANSWERS = ("apps", "users", "app-users", "coverage")

_SEVERAL = """
import json, sys
from seatwise.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["seatwise", *words]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    print(f"\\x1e{code}\\x1e", flush=True)
"""


@dataclass(frozen=True)
class Product:
    """One install. data: its data folder; env: more environment for every command."""

    data: Path
    env: dict[str, str]

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "seatwise", *arguments]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SEATWISE_")}
        return {**kept, "SEATWISE_DATA": str(self.data), "NO_COLOR": "1", **self.env}

    def run(self, *arguments: str, code: int | None = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """One command. code: the exit code it must end with, None for any."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment(), input=stdin, capture_output=True, text=True, timeout=600
        )
        assert "Traceback" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, (arguments, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def connect(self, sandbox: Any, **changed: str) -> subprocess.CompletedProcess[str]:
        secret = changed.pop("client_secret", sandbox.client_secret)
        options = {
            "tenant": sandbox.tenant_id,
            "client-id": sandbox.client_id,
            "graph": sandbox.graph,
            "authority": sandbox.authority,
            "ca": str(sandbox.ca),
        } | {name.replace("_", "-"): value for name, value in changed.items() if name != "code"}
        code = changed.get("code", "0")
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return self.run(
            "connect", *arguments, "--secret-file", "-", stdin=secret, code=None if code == "any" else int(code)
        )

    def ask(self, name: str, *arguments: str, code: int | None = 0) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.run("ask", name, "--format", "json", *arguments, code=code).stdout)
        return answer

    def ask_all(self, *questions: tuple[str, ...], code: int = 0) -> list[dict[str, Any]]:
        """The answers to `seatwise ask QUESTION` for each, by one program: starting it costs more than an answer."""
        words = [["ask", *question, "--format", "json"] for question in questions]
        command = [sys.executable, "-c", _SEVERAL, json.dumps(words)]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True, timeout=600)
        *parts, _ = done.stdout.split("\x1e")
        assert parts[1::2] == [str(code)] * len(questions), (questions, parts[1::2], done.stderr[-2000:])
        return [json.loads(text) for text in parts[::2]]


def product(folder: Path, **env: str) -> Product:
    folder.mkdir(parents=True, exist_ok=True)
    return Product(folder, env)


def differences(ours: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    """Where an answer and the oracle's part, in words; empty when they are equal row for row and in order."""
    columns = [column["name"] for column in truth["columns"]]
    found = [] if [column["name"] for column in ours["columns"]] == columns else ["columns differ"]
    mine, theirs = ours["rows"], truth["rows"]
    if mine == theirs and not found:
        return []
    keys = [name for name in ("app_id", "user_id", "day", "kind") if name in columns]
    keys = ["user_id"] if columns[0] == "user_id" else [key for key in keys if columns[0] == "day" or key != "kind"]
    by_key = {tuple(row[key] for key in keys): row for row in mine}
    their = {tuple(row[key] for key in keys): row for row in theirs}
    found += [f"not ours: {their[key]}" for key in list(their.keys() - by_key.keys())[:3]]
    found += [f"not true: {by_key[key]}" for key in list(by_key.keys() - their.keys())[:3]]
    for key in sorted(their.keys() & by_key.keys()):
        parts = [
            f"{c}: {by_key[key].get(c)!r} for {their[key][c]!r}" for c in columns if by_key[key].get(c) != their[key][c]
        ]
        if parts:
            found.append(f"{key}: " + ", ".join(parts))
    if not found and mine != theirs:
        found.append("the order differs")
    return found[:12] + ([f"… {len(found)} in all"] if len(found) > 12 else [])
