"""The program that runs in the namespace: a sandbox on port 443 under Microsoft's names, and the judges unmodified.

It takes the questions for CLI for Microsoft 365 as a JSON object of name and words, and the sandbox's flags as another.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.contract.judges import namespace
from tests.contract.judges.clients import where_of
from tests.contract.judges.programs import ask_command_line, ask_node, ask_python
from tests.contract.judges.where import GRAPH, LOGIN, Where, tell
from tests.support.sandbox import running_sandbox


def command_line(here: Where, home: Path, questions: dict[str, list[str]]) -> dict[str, Any]:
    # Written before the first start, so that not even that one reports home.
    settings = home / "config" / "configstore" / "cli-m365-config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"disableTelemetry": True, "prompt": False, "autoOpenLinksInBrowser": False}))
    login = ["login", "--authType", "secret", "--appId", here.client_id, "--tenant", here.tenant_id]
    ask_command_line([*login, "--secret", here.client_secret], here, home)
    return {name: ask_command_line(words, here, home) for name, words in questions.items()}


def main() -> None:
    questions, flags = json.loads(sys.argv[1]), json.loads(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="judges-") as name:
        folder = Path(name)
        namespace.furnish(folder)
        with running_sandbox(port=443, **flags) as sandbox:
            here = where_of(sandbox, folder, authority=LOGIN, graph=GRAPH)
            home = folder / "home"
            home.mkdir()
            tell({
                "command_line": command_line(here, home, questions),
                "msal": ask_python("by_msal", here),
                "graph_sdk": ask_python("by_graph_sdk", here),
                "node": ask_node(here),
            })  # fmt: skip


if __name__ == "__main__":
    main()
