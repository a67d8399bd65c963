"""The scanner of the canary journey finds every kind of secret, in every form, wherever it was planted."""

from __future__ import annotations

import base64
import gzip
import os
import secrets
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.canary import KINDS, Scanner, Secret, cells, files, forms, pieces, processes


def example(kind: str) -> Secret:
    """One made-up secret of that kind, of its real look."""
    if kind == "certificate private key":
        key = rsa.generate_private_key(65537, 2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Secret(kind, pem.decode())
    if kind in ("key-encryption key", "data key"):
        return Secret(kind, secrets.token_bytes(32))
    if kind == "TOTP secret":
        return Secret(kind, base64.b32encode(secrets.token_bytes(20)).decode())
    if kind == "password":
        return Secret(kind, 'correct-Horse "7" & battery')
    lengths = {"authorization code": 400, "refresh token": 600, "recovery code": 8}
    return Secret(kind, secrets.token_urlsafe(lengths.get(kind, 32)))


@pytest.fixture(scope="module")
def known() -> dict[str, Secret]:
    return {kind: example(kind) for kind in KINDS}


@pytest.fixture(scope="module")
def scanner(known: dict[str, Secret]) -> Scanner:
    return Scanner(known.values())


def told(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_of_every_kind_is_found_in_a_log(kind: str, known: dict[str, Secret], scanner: Scanner) -> None:
    for piece in pieces(known[kind].value):
        for form, content in forms(piece).items():
            hits = scanner.within(b"2026-10-14 INFO answer=" + content + b" took 3 ms", "log")
            assert kind in {hit.kind for hit in hits}, form


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", [b"", b"x", b"xy"])
def test_base64_is_found_wherever_it_begins(
    kind: str, before: bytes, known: dict[str, Secret], scanner: Scanner
) -> None:
    whole = told(known[kind].value)
    if b"-----BEGIN" in whole:
        whole = base64.b64decode(b"".join(whole.splitlines()[1:-1]))
        content = base64.b64encode(whole)
    else:
        content = base64.b64encode(before + whole + b" and more")
    assert kind in {hit.kind for hit in scanner.within(content, "log")}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_found_in_every_place(
    kind: str, known: dict[str, Secret], scanner: Scanner, tmp_path: Path
) -> None:
    whole = told(known[kind].value)
    text = whole.decode() if isinstance(known[kind].value, str) else whole.hex()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "1.json.gz").write_bytes(gzip.compress(b'{"value": "' + whole + b'"}'))
    pq.write_table(pa.table({"note": ["a", text]}), tmp_path / "rows.parquet", compression="zstd")
    with closing(sqlite3.connect(tmp_path / "data.sqlite3")) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("create table things (a text, b blob)")
        database.commit()
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("insert into things values (?, ?)", ("x" * 9000 + text, None))
        database.commit()
        found = {hit.where for hit in scanner.scan(files(tmp_path)) if hit.kind == kind}
    for place in ("1.json.gz (unpacked)", "rows.parquet (rows)", "data.sqlite3-wal", "data.sqlite3:things"):
        assert any(place in where for where in found), (place, found)


@pytest.mark.parametrize("kind", KINDS)
def test_what_django_signed_and_packed_is_looked_into(kind: str, known: dict[str, Secret], scanner: Scanner) -> None:
    packed = base64.urlsafe_b64encode(zlib.compress(b'{"kept": "' + told(known[kind].value) + b'"}')).rstrip(b"=")
    assert kind in {hit.kind for hit in scanner.scan(cells("session", [b"." + packed + b":1abc:signature"]))}


def test_a_running_process_tells_and_what_the_operator_set_is_left_out(
    known: dict[str, Secret], scanner: Scanner
) -> None:
    secret, word = str(known["client secret"].value), str(known["password"].value)
    waits = "import sys; print(flush=True); sys.stdin.read()"
    environment = {**os.environ, "TOLD": word, "MADE": word}
    command = [sys.executable, "-c", waits, secret]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()  # until then the system may not know its command line yet
        ours = [psutil.Process(process.pid)]
        found = {(hit.kind, hit.where.split()[0]) for hit in scanner.scan(processes(ours, {"TOLD": word}))}
        told_only = scanner.scan(processes(ours, {"TOLD": word, "MADE": word}))
    assert found == {("client secret", "command"), ("password", "environment")}
    assert {hit.kind for hit in told_only} == {"client secret"}


def test_any_token_is_found_and_what_is_no_secret_is_not(scanner: Scanner) -> None:
    part = base64.urlsafe_b64encode(b'{"typ":"JWT","alg":"RS256"}').rstrip(b"=").decode()
    token = f"{part}.{part}.{secrets.token_urlsafe(64)}"
    for content in (token.encode(), token.encode("utf-16-le")):
        assert {hit.kind for hit in scanner.within(content, "page")} == {"access token"}
    assert scanner.within(os.urandom(1 << 20) + b"the password is wrong; state: active; code 53003", "page") == []
