"""The examples in deploy/ are what they say: checked by the programs that will read them, where those are here."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatwise.server import environment
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
RUN = "/opt/seatwise/.venv/bin/seatwise"


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed on this machine")
    return found


def checked(*words: str, **more: Any) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_every_setting_named_there_exists() -> None:
    known = set(environment.SETTINGS) | {"SEATWISE_NAME", "SEATWISE_UPSTREAM"}
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            named = set(re.findall(r"\b(SEATWISE_[A-Z_]+|DATABASE_[A-Z]+)\b", path.read_text("utf-8")))
            assert named - known == set(), path


def test_both_units_are_what_systemd_takes(tmp_path: Path) -> None:
    tool = program("systemd-analyze")
    assert [unit.name for unit in UNITS] == ["seatwise-web.service", "seatwise-worker.service"]
    for unit in UNITS:
        text = unit.read_text("utf-8")
        assert RUN in text
        copy = tmp_path / unit.name
        copy.write_text(text.replace(RUN, "/bin/true").replace("User=seatwise", "User=daemon"))
        told = checked(tool, "verify", "--man=no", str(copy))
        assert unit.name not in told, told


def test_a_unit_with_a_mistake_is_noticed(tmp_path: Path) -> None:
    tool = program("systemd-analyze")
    copy = tmp_path / "seatwise-web.service"
    copy.write_text(UNITS[0].read_text("utf-8").replace(RUN, "/bin/true").replace("ProtectHome=", "ProtectHouse="))
    done = subprocess.run([tool, "verify", "--man=no", str(copy)], capture_output=True, text=True, timeout=60)
    assert "ProtectHouse" in done.stdout + done.stderr


def test_the_units_are_tied_down() -> None:
    tool = program("systemd-analyze")
    for unit in UNITS:
        done = subprocess.run(
            [tool, "security", "--offline=true", "--no-pager", str(unit)], capture_output=True, text=True, timeout=60
        )
        found = re.search(r"Overall exposure level for \S+: (\d+\.\d)", done.stdout)
        if found is None:
            pytest.skip(f"systemd-analyze cannot judge a unit here: {done.stderr.strip()[:200]}")
        assert float(found.group(1)) <= 2.0, done.stdout[-500:]


def test_the_two_units_differ_in_their_command_only() -> None:
    one, other = (unit.read_text("utf-8").splitlines() for unit in UNITS)
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    assert [a.partition("=")[0] for a, _ in differing[1:]] == ["Description", "ExecStart", "MemoryMax"]


def certificate(folder: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "seatwise.example.com")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    (folder / "fullchain.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*private))


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    tool = program("nginx")
    certificate(tmp_path)
    text = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
    text = text.replace("/etc/ssl/seatwise", str(tmp_path)).replace("/etc/nginx/", f"{DEPLOY}/proxy/")
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {text} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    checked(tool, "-t", "-q", "-c", str(tmp_path / "nginx.conf"))


def test_nginx_tells_who_asks_and_how_and_keeps_tokens_out_of_its_log() -> None:
    shared = (DEPLOY / "proxy" / "seatwise-proxy.conf").read_text("utf-8")
    # `$proxy_add_x_forwarded_for` would let a visitor put an address in front.
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in shared
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in shared and "proxy_set_header Host $host;" in shared
    text = (DEPLOY / "proxy" / "nginx.conf").read_text("utf-8")
    assert text.count("access_log off;") == 2


def test_caddy_takes_its_example(tmp_path: Path) -> None:
    tool = program("caddy")
    env = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "PATH": "/usr/bin"}
    path = DEPLOY / "proxy" / "Caddyfile"
    told = checked(tool, "adapt", "--config", str(path), "--adapter", "caddyfile", env=env)
    assert "seatwise.example.com" in told and "127.0.0.1:8600" in told


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def test_compose_names_only_what_it_declares() -> None:
    whole = compose()
    for name, service in whole["services"].items():
        assert set(service.get("depends_on", [])) <= set(whole["services"]), name
        assert set(service["networks"]) <= set(whole["networks"]), name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (DEPLOY / source).exists(), (name, volume)
        assert "image" in service and not service["image"].endswith(":latest"), name
    variables = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")))
    example = set(re.findall(r"^(\w+)=", (DEPLOY / "compose.env.example").read_text("utf-8"), flags=re.MULTILINE))
    assert variables == example


def test_compose_shows_the_world_the_proxy_only() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    inside = compose()["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    for name in ("web", "worker"):
        assert services[name]["environment"]["SEATWISE_TRUSTED_PROXIES"] == inside
        assert services[name]["environment"]["SEATWISE_PUBLIC_URL"].startswith("https://")
        assert services[name]["read_only"] and services[name]["cap_drop"] == ["ALL"]
    assert services["web"]["volumes"] == services["worker"]["volumes"]


def test_the_settings_of_compose_are_ones_we_start_with(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in compose()["services"]["web"]["environment"].items():
        told = re.sub(r"\$\{SEATWISE_NAME[^}]*\}", "seatwise.example.com", value)
        monkeypatch.setenv(name, re.sub(r"\$\{POSTGRES_PASSWORD[^}]*\}", "long-word", told))
    environment.check()


def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split()[0], line.split(None, 1)[1]) for line in lines]


def test_the_container_file_runs_as_nobody_special_and_installs_by_hash() -> None:
    found = instructions()
    words = {word for word, _ in found}
    assert words <= {
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    }
    assert [value for word, value in found if word == "USER"] == ["10001"]
    assert all(":" in value.split()[0] and ":latest" not in value for word, value in found if word == "FROM")
    installs = [value for word, value in found if word == "RUN" and "pip install" in value]
    assert len(installs) == 2 and "--require-hashes" in installs[0] and "--no-deps" in installs[1]
    assert not re.search(
        r"https?://(?!127\.0\.0\.1)|index-url|trusted-host", (DEPLOY / "Containerfile").read_text("utf-8")
    )


def test_the_container_file_copies_only_what_is_there_and_let_in() -> None:
    let_in = [line[1:] for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    for word, value in instructions():
        if word == "COPY" and "--from" not in value:
            for source in value.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert any(source == one or source.startswith(f"{one}/") for one in let_in), source
