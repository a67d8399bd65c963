"""A forgotten person is nowhere any more, every count is as before, and nothing that comes later brings them back."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seatwise.lake.traces import search
from tests.support.product import ANSWERS, Product, product
from tests.support.sandbox import Sandbox, running_sandbox

AS_OF, LATER = "2026-10-14T10:00:00Z", "2026-10-15T10:00:00Z"
STEPS = ("packages", "tables", "old versions", "database", "clean-up")


@dataclass(frozen=True)
class Company:
    """An install that has imported 40 days and synced twice, so that tables have a past; and whom to forget."""

    sandbox: Sandbox
    install: Product
    exported: Path
    person: dict[str, Any]
    answers: dict[str, list[dict[str, Any]]]

    @property
    def texts(self) -> list[str]:
        return [self.person["user_id"], self.person["upn"], self.person["name"]]

    def copied(self, folder: Path) -> Product:
        shutil.copytree(self.install.data, folder)
        return product(folder)


def asked(install: Product, as_of: str) -> dict[str, list[dict[str, Any]]]:
    answers = install.ask_all(*((name, "--as-of", as_of) for name in ANSWERS))
    return {name: answer["rows"] for name, answer in zip(ANSWERS, answers, strict=True)}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("forgetting")
    install = product(folder / "data")
    with running_sandbox(users=60, apps=25, seed=11, as_of=AS_OF, limits="off") as sandbox:
        sandbox.export(folder / "exported", days=40)
        install.run("import", str(folder / "exported"), "--tenant", sandbox.tenant_id)
        install.connect(sandbox)
        install.run("sync", "--as-of", AS_OF)
        sandbox.control("POST", "/clock", {"as_of": LATER})
        install.run("sync", "--as-of", LATER)
        answers = asked(install, LATER)
        used = Counter(row["user_id"] for row in answers["app-users"] if row["path"] != "none" and row["last_used_at"])
        names = Counter(row["name"] for row in answers["users"])
        own = {row["user_id"]: row for row in answers["users"] if names[row["name"]] == 1 and row["department"]}
        person = own[next(user_id for user_id, _ in used.most_common() if user_id in own)]
        # The log knows the person too: somebody asked for their data.
        install.run("person", "export", person["upn"], str(folder / "person.zip"))
        yield Company(sandbox, install, folder / "exported", person, answers)


def stand_in(install: Product, company: Company) -> dict[str, Any]:
    found = [row for row in asked(install, LATER)["users"] if row["name"].startswith("Forgotten person ")]
    assert len(found) == 1
    return found[0]


def as_forgotten(rows: list[dict[str, Any]], person: dict[str, Any], instead: dict[str, Any]) -> list[str]:
    """Rows as they have to be afterwards, in an order that does not depend on names."""
    told = []
    for row in rows:
        is_theirs = row.get("user_id") == person["user_id"]
        hidden = {"user_id": instead["user_id"], "name": instead["name"], "upn": None, "department": None}
        told.append({**row, **({k: v for k, v in hidden.items() if k in row} if is_theirs else {})})
    return sorted(json.dumps(row, sort_keys=True) for row in told)


def places_of(found: list[Any]) -> set[str]:
    return {"/".join(one.where.split("/")[2:4]) for one in found}


def test_the_search_finds_them_in_packages_tables_logs_and_the_database(company: Company) -> None:
    found = search(company.install.data, company.texts)
    assert {
        "packages/users",
        "packages/sign_ins",
        "tables/users",
        "tables/sign_ins",
        "tables/usage_daily",
    } <= places_of(found)
    assert [one for one in found if one.where.startswith("seatwise.sqlite3")]


def test_everything_that_is_kept_of_a_person_is_handed_out(company: Company, tmp_path: Path) -> None:
    company.install.run("person", "export", company.person["user_id"], str(tmp_path / "person.zip"))
    with zipfile.ZipFile(tmp_path / "person.zip") as archive:
        names = set(archive.namelist())
        users = json.loads(archive.read("tables/users.json"))
        events = json.loads(archive.read("tables/sign_ins.json"))
        seats = json.loads(archive.read("tables/seats.json"))
        log = json.loads(archive.read("database/AuditEntry.json"))
    assert {"README.txt", "tables/user_activity.json"} <= names
    assert [name for name in names if name.startswith("received/sign_ins-")]
    assert {row["user_id"] for row in users + events} <= {company.person["user_id"], None}
    assert {row["app_id"] for row in seats} == {
        row["app_id"]
        for row in company.answers["app-users"]
        if row["user_id"] == company.person["user_id"] and row["path"] != "none"
    }
    assert company.person["user_id"] in json.dumps(log)


def test_nothing_is_left_and_every_count_stays(company: Company, tmp_path: Path) -> None:
    install = company.copied(tmp_path / "data")
    told = install.run("person", "forget", company.person["upn"].upper(), "--yes").stdout
    assert "neither the id nor an address is left" in told and "Backups made before are not reached" in told
    assert search(install.data, company.texts) == []
    instead = stand_in(install, company)
    after = asked(install, LATER)
    for name in ANSWERS:
        wanted = as_forgotten(company.answers[name], company.person, instead)
        assert sorted(json.dumps(row, sort_keys=True) for row in after[name]) == wanted, name
    earlier = install.ask("apps", "--as-of", AS_OF)["rows"]
    assert earlier == company.install.ask("apps", "--as-of", AS_OF)["rows"]
    refused = install.run("person", "forget", company.person["user_id"], "--yes", code=1)
    assert "was forgotten on" in refused.stderr


def test_later_syncs_and_imports_keep_them_forgotten(company: Company, tmp_path: Path) -> None:
    install = company.copied(tmp_path / "data")
    install.run("person", "forget", company.person["user_id"], "--yes")
    instead = stand_in(install, company)
    install.run("sync", "--as-of", LATER)
    install.run("import", str(company.exported), "--tenant", company.sandbox.tenant_id)
    assert search(install.data, company.texts) == []
    assert stand_in(install, company)["user_id"] == instead["user_id"]
    wanted = as_forgotten(company.answers["app-users"], company.person, instead)
    assert sorted(json.dumps(row, sort_keys=True) for row in asked(install, LATER)["app-users"]) == wanted
    manifests = [json.loads(path.read_text()) for path in install.data.glob("lake/*/packages/users/*/manifest.json")]
    # What is no longer as received says so, in packages of before and of after.
    assert all(any(page.get("n_forgotten") for page in manifest["pages"]) for manifest in manifests)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_finished_by_doing_it_again(company: Company, tmp_path: Path, step: str) -> None:
    install = company.copied(tmp_path / "data")
    process = subprocess.Popen(
        install.command("person", "forget", company.person["user_id"], "--yes"),
        env=install.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.strip() == f"Forgetting: {step}":
            process.send_signal(signal.SIGKILL)
            break
    process.stderr.close()
    assert process.wait(timeout=60) == -signal.SIGKILL
    if step == "tables":
        # A sync in between knows of it already.
        install.run("sync", "--as-of", LATER)
    install.run("person", "forget", company.person["user_id"], "--yes")
    assert search(install.data, company.texts) == []
    apps = install.ask("apps", "--as-of", LATER)["rows"]
    assert apps == company.answers["apps"]


def test_the_archive_is_never_half_there(company: Company, tmp_path: Path) -> None:
    company.install.run("person", "export", "nobody@nowhere.example", str(tmp_path / "person.zip"), code=1)
    assert list(tmp_path.iterdir()) == []
