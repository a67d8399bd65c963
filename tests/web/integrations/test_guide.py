"""The setup guide: its steps and drawings, the scripts to paste, and what people thought of it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from seatwise.catalog.permissions import FIVE
from seatwise.web.integrations.paste import GRAPH_APP_ID, pastes
from seatwise.web.integrations.steps import steps
from tests.web.conftest import Site

REDIRECT = "https://seatwise.example.com/connect/azureactivedirectory/callback"
CLOUDS = ("global", "gcc-high", "dod", "china", "sandbox")
TEMPLATES = Path(__file__).parents[3] / "src/seatwise/web/templates"
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PAIRS = {"(": ")", "[": "]", "{": "}"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_id_in_a_script_is_microsofts_own(shared: Path, cloud: str) -> None:
    sheet = (shared / "graph/README.md").read_text()
    table = re.findall(r"^\| (\S+) \| (\S+) \| (\S+) \|$", sheet, re.M)
    known = {name: (role_id, scope_id) for name, role_id, scope_id in table if name in FIVE}
    assert len(known) == len(FIVE)
    for paste in pastes(REDIRECT, cloud):
        assert set(GUID.findall(paste.text)) == {one for ids in known.values() for one in ids} | {GRAPH_APP_ID}
        for name, (role_id, scope_id) in known.items():
            roles, scopes = paste.text.split("scopes", 1)[0], paste.text.split("scopes", 1)[1]
            assert role_id in roles and scope_id in scopes, (paste.key, name)


def test_every_permission_exists_in_both_kinds_and_takes_an_administrator(shared: Path) -> None:
    known = json.loads((shared / "graph/permissions-slim.json").read_text())["permissions"]
    for name in FIVE:
        schemes = known[name]["schemes"]
        assert schemes["Application"]["requiresAdminConsent"] and schemes["DelegatedWork"]["requiresAdminConsent"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_scripts_hold_together(cloud: str) -> None:
    for paste in pastes(REDIRECT, cloud):
        assert REDIRECT in paste.text and all(name in paste.text for name in FIVE)
        if paste.key == "az":
            done = subprocess.run(["bash", "-n"], input=paste.text, text=True, capture_output=True)
            assert done.returncode == 0 and not done.stderr, done.stderr
        else:
            assert _is_closed(paste.text), paste.key
    az, powershell, terraform = (paste.text for paste in pastes(REDIRECT, cloud))
    for name in ("Client ID:", "Client Secret:", "Tenant ID:"):
        assert name in az and name in powershell
    assert re.findall(r'^output "(\w+)"', terraform, re.M) == ["client_id", "client_secret", "tenant_id"]


def test_the_cloud_shell_script_runs_and_prints_the_three_values(tmp_path: Path) -> None:
    """With an `az` that answers as the documented one does; a second run grants nothing twice."""
    fake = tmp_path / "az"
    fake.write_text(
        "#!/bin/bash\n"
        f'echo "$*" >> {tmp_path}/asked\n'
        'case "$*" in\n'
        '  "cloud show"*) echo https://graph.microsoft.com/ ;;\n'
        '  "account show"*) echo the-tenant ;;\n'
        '  "ad app create"*) echo the-client ;;\n'
        '  "ad sp show"*) echo the-principal ;;\n'
        '  "ad app credential reset"*) echo the-secret ;;\n'
        '  "rest --url"*) echo 7ab1d382-f21e-4acd-a863-ba3e13f7da61 ;;\n'
        "esac\n"
    )
    fake.chmod(0o755)
    script, found = pastes(REDIRECT)[0].text, {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["bash"], input=script, text=True, capture_output=True, env=found)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[-4:-1] == [
        "Client ID:     the-client",
        "Client Secret: the-secret",
        "Tenant ID:     the-tenant",
    ]
    asked = (tmp_path / "asked").read_text()
    assert asked.count("--method POST") == 4  # one of the five is granted already
    assert f"--scope {' '.join(FIVE)}" in asked


def test_every_step_has_a_drawing_that_says_what_it_shows() -> None:
    for step in steps(REDIRECT):
        root = ElementTree.parse(TEMPLATES / step.drawing).getroot()  # noqa: S314 - our own file
        text = {
            child.tag.rpartition("}")[2]: child.text or "" for child in root if child.tag.endswith(("title", "desc"))
        }
        assert root.get("role") == "img" and text["title"] and len(text["desc"]) > 30
        whole = (TEMPLATES / step.drawing).read_text()
        assert "style=" not in whole and "<image" not in whole and "#" not in re.sub(r"&#\d+;", "", whole)


def test_every_permission_can_be_copied_and_the_default_one_goes(site: Site) -> None:
    shown = site.client("viewer").get(site.address("entra_guide")).content.decode()
    for n, name in enumerate(FIVE, 1):
        assert f'id="copy-permission-{n}" value="{name}"' in shown
    assert 'value="http://localhost:8600/connect/azureactivedirectory/callback"' in shown
    assert "Remove the delegated User.Read" in shown and "Switch directory" in shown


def test_no_asks_for_reasons_and_owners_read_them(site: Site) -> None:
    viewer, owner = site.client("viewer"), site.client("owner")
    asked = viewer.post(site.address("entra_guide_answer"), {"helpful": "no"}, HTTP_HX_REQUEST="true")
    assert "What was wrong?" in asked.content.decode()
    told = {"helpful": "no", "complete": "1", "reason": ["step_missing", "made-up"], "text": "<b>Step 4</b>"}
    thanked = viewer.post(site.address("entra_guide_answer"), told, HTTP_HX_REQUEST="true").content.decode()
    assert "Thank you" in thanked
    answers = owner.get(site.address("entra_guide_answers")).content.decode()
    assert (
        "A step is missing or wrong" in answers and "&lt;b&gt;Step 4" in answers and "0 said yes, 1 said no" in answers
    )
    viewer.post(site.address("entra_guide_answer"), {"helpful": "yes"})
    assert "1 said yes, 0 said no" in owner.get(site.address("entra_guide_answers")).content.decode()
    assert site.client("admin").get(site.address("entra_guide_answers")).status_code == 403


def _is_closed(text: str) -> bool:
    """Whether every bracket outside of quotes and comments is closed by its own kind."""
    open_: list[str] = []
    for line in text.splitlines():
        bare = re.sub(r'"(\\.|[^"\\])*"', '""', line)
        bare = re.sub(r"#.*", "", bare)
        for sign in bare:
            if sign in PAIRS:
                open_.append(PAIRS[sign])
            elif sign in PAIRS.values() and (not open_ or open_.pop() != sign):
                return False
    return not open_
