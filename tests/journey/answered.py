"""All answers of an install by one process, since starting one costs more than asking."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.support.product import ANSWERS, Product, differences

_ASK = """
import json, sys
from seatwise.base.clock import parse_time
from seatwise.server.start import start
start()
from seatwise.control import answers
from seatwise.metrics import export
moment = parse_time(sys.argv[1])
print(json.dumps({name: json.loads(export.to_json(answers.ask(name, None, moment).result)) for name in sys.argv[2:]}))
"""


def answered(install: Product, as_of: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _ASK, as_of, *ANSWERS], env=install.environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def untruths(install: Product, as_of: str, truth: dict[str, Any]) -> dict[str, list[str]]:
    """Where answers and the oracle part, by answer; empty when all are equal."""
    found = {name: differences(answer, truth[name]) for name, answer in answered(install, as_of).items()}
    return {name: parts for name, parts in found.items() if parts}
