"""When connecting or syncing cannot work: one sentence what happened, one what to do, nothing half-done."""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.product import Product, product
from tests.support.sandbox import running_sandbox

AS_OF = "2026-10-14T10:00:00Z"
ALL = ("AuditLog.Read.All", "Directory.Read.All", "Group.Read.All", "GroupMember.Read.All", "User.Read.All")


@pytest.fixture(scope="module")
def company() -> Iterator[Any]:
    with running_sandbox(users=60, apps=25, seed=12, as_of=AS_OF, limits="off") as sandbox:
        yield sandbox


def registered(company: Any, **wanted: Any) -> dict[str, str]:
    made: dict[str, str] = company.control("POST", "/registrations", {"name": "another", **wanted})
    return made


def told(done: subprocess.CompletedProcess[str], secret: str) -> str:
    """The message, after checking that it is one: exit 1, two sentences or more, no secret, no output."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert len(re.findall(r"[.!?](?:\s|$)", done.stderr)) >= 2, done.stderr
    assert len(done.stderr) < 700, done.stderr
    assert secret not in done.stderr
    return done.stderr


def nothing_left(install: Product, secret: str) -> None:
    assert install.run("doctor", code=1).stderr.startswith("No tenant is connected")
    for path in install.data.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path


def test_wrong_secret(company: Any, tmp_path: Path) -> None:
    install = product(tmp_path)
    assert "secret" in told(
        install.connect(company, client_secret="aB3~wrong.secret-value_0123456789", code="any"), "aB3~wrong"
    )
    nothing_left(install, "aB3~wrong")


def test_expired_secret(company: Any, tmp_path: Path) -> None:
    made = registered(company, secret="expired")
    install = product(tmp_path)
    done = install.connect(company, client_id=made["client_id"], client_secret=made["client_secret"], code="any")
    assert "expired" in told(done, made["client_secret"])
    nothing_left(install, made["client_secret"])


def test_secret_id_instead_of_its_value(company: Any, tmp_path: Path) -> None:
    made = registered(company)
    install = product(tmp_path)
    done = install.connect(company, client_id=made["client_id"], client_secret=made["secret_id"], code="any")
    assert "ID, not its value" in told(done, made["secret_id"])
    nothing_left(install, made["secret_id"])


def test_unknown_client(company: Any, tmp_path: Path) -> None:
    install = product(tmp_path)
    done = install.connect(company, client_id="00000000-1111-4222-8333-444444444444", code="any")
    assert "client" in told(done, company.client_secret).lower()
    nothing_left(install, company.client_secret)


def test_wrong_tenant(company: Any, tmp_path: Path) -> None:
    install = product(tmp_path)
    done = install.connect(company, tenant="00000000-1111-4222-8333-444444444444", code="any")
    assert "tenant" in told(done, company.client_secret).lower()
    nothing_left(install, company.client_secret)


def test_no_permission_granted(company: Any, tmp_path: Path) -> None:
    made = registered(company, permissions=[])
    install = product(tmp_path)
    done = install.connect(company, client_id=made["client_id"], client_secret=made["client_secret"], code="any")
    assert "permission" in told(done, made["client_secret"])
    nothing_left(install, made["client_secret"])


def test_network_down(company: Any, tmp_path: Path) -> None:
    install = product(tmp_path)
    nowhere = "https://localhost:9"
    told(install.connect(company, graph=nowhere, authority=nowhere, code="any"), company.client_secret)
    nothing_left(install, company.client_secret)


def test_tls_not_trusted(company: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_text(Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")).read_text("utf-8"))
    install = product(tmp_path / "data")
    done = install.connect(company, ca=str(other), code="any")
    assert "trust" in told(done, company.client_secret)
    nothing_left(install, company.client_secret)


@pytest.mark.parametrize("size", ["3m", "17m"])
def test_disk_full_leaves_nothing_half_written(company: Any, tmp_path: Path, size: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("a small tmpfs needs root")  # nothing else fills up without harm to the machine
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(small)], check=True)
    try:
        install = product(small / "data")
        install.connect(company)
        done = install.run("sync", "--as-of", AS_OF, code=1)
        assert "full" in told(done, company.client_secret)
        for manifest in (install.data / "lake").glob("*/packages/*/*"):
            assert not manifest.name.isdigit() or (manifest / "manifest.json").stat().st_size > 0
        subprocess.run(["mount", "-o", "remount,size=200m", str(small)], check=True)
        install.run("sync", "--as-of", AS_OF)
        assert install.ask("apps", "--as-of", AS_OF)["rows"] == company.oracle("apps", as_of=AS_OF)["rows"]
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_after_a_whole_run_the_secret_lies_nowhere_in_clear(company: Any, tmp_path: Path) -> None:
    install = product(tmp_path)
    said = install.connect(company)
    done = install.run("sync", "--as-of", AS_OF, "--progress", "lines")
    secret = company.client_secret.encode()
    forms = {
        secret,
        base64.b64encode(secret).rstrip(b"="),
        secret.hex().encode(),
        company.client_secret.encode("utf-16-le"),
    }
    texts = [text.encode() for text in (said.stdout, said.stderr, done.stdout, done.stderr)]
    files = [path.read_bytes() for path in install.data.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [form for form in forms for content in (*texts, *files) if form in content] == []
    assert b"eyJ0" not in b"".join(files), "a token is kept in a file"


def synced_with(company: Any, folder: Path, permissions: tuple[str, ...], code: int) -> tuple[Product, str]:
    made = registered(company, permissions=list(permissions))
    install = product(folder)
    install.connect(company, client_id=made["client_id"], client_secret=made["client_secret"])
    done = install.run("sync", "--as-of", AS_OF, code=code)
    return install, done.stderr


def without(*left_out: str) -> tuple[str, ...]:
    return tuple(name for name in ALL if name not in left_out)


def test_without_auditlog_usage_is_unknown(company: Any, tmp_path: Path) -> None:
    install, said = synced_with(company, tmp_path, without("AuditLog.Read.All"), 3)
    assert "AuditLog.Read.All" in said
    apps = install.ask("apps", "--as-of", AS_OF, code=3)["rows"]
    assert apps and all(row["n_used_30d"] is None and row["last_used_at"] is None for row in apps)
    assert any(row["n_seats"] for row in apps)
    assert {row["status"] for row in install.ask("app-users", "--as-of", AS_OF, code=3)["rows"]} == {"unknown"}


def test_without_directory_seats_are_unknown_and_the_permission_is_named(company: Any, tmp_path: Path) -> None:
    install, said = synced_with(company, tmp_path, without("Directory.Read.All"), 3)
    assert "Directory.Read.All" in said and "P1" not in said
    apps = install.ask("apps", "--as-of", AS_OF, code=3)["rows"]
    assert all(row["n_seats"] is None for row in apps)


@pytest.mark.parametrize("permission", ["Group.Read.All", "GroupMember.Read.All", "User.Read.All"])
def test_the_other_three_are_not_needed(company: Any, tmp_path: Path, permission: str) -> None:
    install, _ = synced_with(company, tmp_path, without(permission), 0)
    line = next(line for line in install.run("doctor").stdout.splitlines() if f"{permission}:" in line)
    assert "not needed" in line.lower()
