"""Lines the project does not cross: no registry hosts, no machine paths, locks with hashes only."""

import re
import subprocess

from tests.conftest import ROOT


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


def text_of(name: str) -> str:
    try:
        return (ROOT / name).read_text("utf-8")
    except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
        return ""


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile(r"python" r"hosted\.|[^a-z]py" r"pi\.org|npm" r"js\.|deb\." r"debian\.")
    assert [name for name in tracked() if hosts.search(text_of(name))] == []


def test_every_locked_package_has_a_hash_and_no_address() -> None:
    for lock in ("requirements/run.lock", "requirements/dev.lock"):
        text = text_of(lock)
        assert "://" not in text
        packages = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)
        assert packages and [package for package in packages if "--hash=sha256:" not in package] == []


def test_the_npm_lock_has_integrity_and_no_address() -> None:
    locks = [name for name in tracked() if name.endswith("package-lock.json")]
    for lock in locks:
        text = text_of(lock)
        assert '"resolved"' not in text and '"integrity"' in text
