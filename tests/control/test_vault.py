"""What is sealed opens only where it was sealed, only with its key, and no key is ever replaced silently."""

from __future__ import annotations

import base64
import itertools
import os
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatwise.base.errors import AskAdmin, Broken

SECRET = "canary-8Qz~not.a.real-secret_value"
ONE, OTHER = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-000000000000"


def test_a_sealed_secret_comes_back_and_lies_nowhere_in_clear(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, Secret

    owner = uuid4()
    assert vault.store(owner, ONE, "credential", SECRET) == 1
    assert vault.fetch(owner, "credential") == SECRET
    assert SECRET.encode() not in bytes(DataKey.objects.get().sealed) + bytes(Secret.objects.get().sealed)
    assert all(SECRET.encode() not in path.read_bytes() for path in data.rglob("*") if path.is_file())


def test_the_newest_version_counts_and_older_ones_stay_until_dropped(data: Path) -> None:
    from seatwise.control import vault

    owner = uuid4()
    assert [vault.store(owner, ONE, "refresh_token", f"token {n}") for n in (1, 2, 3)] == [1, 2, 3]
    assert (vault.fetch(owner, "refresh_token"), vault.fetch(owner, "refresh_token", 1)) == ("token 3", "token 1")
    vault.drop(owner, "refresh_token", below=3)
    assert vault.versions(owner, "refresh_token") == [3]
    vault.store(owner, ONE, "refresh_token", "token 4")
    vault.drop(owner, "refresh_token", version=4)
    assert vault.fetch(owner, "refresh_token") == "token 3"
    vault.drop(owner, "refresh_token")
    with pytest.raises(AskAdmin) as told:
        vault.fetch(owner, "refresh_token")
    assert told.value.code == "secret_none"


def test_a_shredded_owner_leaves_nothing(data: Path) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, Secret

    gone, stays = uuid4(), uuid4()
    for owner in (gone, stays):
        vault.store(owner, ONE, "credential", SECRET)
    vault.shred(gone)
    assert list(DataKey.objects.values_list("id", flat=True)) == [stays]
    assert (Secret.objects.count(), vault.fetch(stays, "credential")) == (1, SECRET)


def test_an_owner_keeps_its_scope(data: Path) -> None:
    from seatwise.control import vault

    owner = uuid4()
    vault.store(owner, ONE, "credential", SECRET)
    with pytest.raises(Broken, match="another tenant"):
        vault.store(owner, OTHER, "credential", SECRET)
    with pytest.raises(Broken):
        vault.store(owner, f"{ONE}|x", "credential", SECRET)


def test_no_two_ciphertexts_can_change_places(data: Path) -> None:
    """Every secret and every wrapped key put in the place of every other: none opens."""
    from seatwise.control import vault
    from seatwise.control.models import DataKey, Secret

    owners = {uuid4(): ONE, uuid4(): ONE, uuid4(): OTHER}
    for owner, scope in owners.items():
        for field in ("credential", "refresh_token", "credential"):
            vault.store(owner, scope, field, f"{owner} {field}")
    rows, n_tried = list(Secret.objects.all()), 0
    for here, there in itertools.permutations(rows, 2):
        Secret.objects.filter(pk=here.pk).update(sealed=there.sealed)
        with pytest.raises(Broken):
            vault.fetch(here.data_key_id, here.field, here.version)
        Secret.objects.filter(pk=here.pk).update(sealed=here.sealed)
        n_tried += 1
    for here_key, there_key in itertools.permutations(list(DataKey.objects.all()), 2):
        DataKey.objects.filter(pk=here_key.pk).update(sealed=there_key.sealed)
        with pytest.raises(Broken):
            vault.fetch(here_key.pk, "credential")
        DataKey.objects.filter(pk=here_key.pk).update(sealed=here_key.sealed)
        n_tried += 1
    assert n_tried == 9 * 8 + 3 * 2


@pytest.mark.parametrize("moved", ["scope", "owner", "field", "version", "key_id"])
def test_a_row_that_was_moved_does_not_open(data: Path, moved: str) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, Secret

    owner, field, version = uuid4(), "credential", 1
    vault.store(owner, ONE, field, SECRET)
    key = DataKey.objects.get()
    if moved == "scope":
        DataKey.objects.update(scope=OTHER)
    elif moved == "owner":
        owner = uuid4()
        DataKey.objects.create(id=owner, scope=key.scope, key_id=key.key_id, sealed=key.sealed)
        Secret.objects.update(data_key=owner)
    elif moved == "field":
        field = "refresh_token"
        Secret.objects.update(field=field)
    elif moved == "version":
        version = 2
        Secret.objects.update(version=version)
    else:
        DataKey.objects.update(key_id="k2")
        (vault.key_folder() / "k2.key").write_bytes((vault.key_folder() / "k1.key").read_bytes())
        (vault.key_folder() / "k2.key").chmod(0o600)
    with pytest.raises(Broken):
        vault.fetch(owner, field, version)


Place = tuple[str, UUID, str, int]
PLACES = st.tuples(st.sampled_from([ONE, OTHER, "install"]), st.uuids(), st.from_regex(r"[a-z_]{1,12}"), st.integers(1))


@given(PLACES, PLACES, st.text(), st.binary(min_size=1, max_size=4), st.integers(min_value=0))
def test_a_ciphertext_opens_in_its_place_alone_and_only_unchanged(
    here: Place, there: Place, clear: str, change: bytes, at: int
) -> None:
    from seatwise.control.vault import cipher

    key = cipher.new_key()
    sealed = cipher.seal(key, cipher.place_of_secret(cipher.FORMAT, *here), clear.encode())
    assert cipher.unseal(key, cipher.place_of_secret(sealed, *here), sealed) == clear.encode()
    broken = bytearray(sealed)
    at %= len(sealed)
    broken[at : at + len(change)] = change
    wrong = [
        (key, there, sealed),
        (cipher.new_key(), here, sealed),
        (key, here, bytes(broken)),
        (key, here, sealed[:at]),
    ]
    for with_key, place, text in wrong:
        if (with_key, place, text) != (key, here, sealed):
            with pytest.raises(cipher.NotOpened):
                cipher.unseal(with_key, cipher.place_of_secret(cipher.FORMAT, *place), text)


def test_the_key_file_is_for_its_owner_only(data: Path) -> None:
    from seatwise.control import vault

    assert vault.state() == "empty"
    owner = uuid4()
    vault.store(owner, ONE, "credential", SECRET)
    path = vault.key_folder() / "k1.key"
    assert (vault.state(), stat.S_IMODE(path.stat().st_mode)) == ("ready", 0o600)
    path.chmod(0o644)
    assert vault.state() == "open_to_others"
    with pytest.raises(AskAdmin, match="chmod 600"):
        vault.fetch(owner, "credential")


def _lost(path: Path) -> None:
    path.unlink()


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _no_key(path: Path) -> None:
    path.write_bytes(b"not base64!")


def _other(path: Path) -> None:
    path.write_bytes(base64.b64encode(os.urandom(32)))


@pytest.mark.parametrize(
    ("harm", "state"), [(_lost, "missing"), (_emptied, "wrong"), (_no_key, "wrong"), (_other, "wrong")]
)
def test_a_wrong_or_lost_key_locks_and_nothing_changes(data: Path, harm: Callable[[Path], None], state: str) -> None:
    from seatwise.control import vault
    from seatwise.control.models import DataKey, KeyCheck, Secret

    owner = uuid4()
    vault.store(owner, ONE, "credential", SECRET)
    path = vault.key_folder() / "k1.key"
    kept = path.read_bytes()
    harm(path)
    before = [list(model.objects.order_by("pk").values()) for model in (DataKey, KeyCheck, Secret)]
    files = {path.name: path.read_bytes() for path in vault.key_folder().iterdir()}
    for attempt in (
        lambda: vault.fetch(owner, "credential"),
        lambda: vault.store(owner, ONE, "credential", "new"),
        lambda: vault.store(uuid4(), ONE, "credential", "new"),
        lambda: vault.drop(owner, "credential"),
        lambda: vault.shred(owner),
        lambda: vault.rotate(lambda done, total: None),
        vault.prepare,
        vault.check,
    ):
        with pytest.raises(AskAdmin) as told:
            attempt()
        assert told.value.code == f"key_{state}"
        assert SECRET not in str(told.value)
    assert vault.state() == state
    assert [list(model.objects.order_by("pk").values()) for model in (DataKey, KeyCheck, Secret)] == before
    assert {path.name: path.read_bytes() for path in vault.key_folder().iterdir()} == files
    path.write_bytes(kept)
    path.chmod(0o600)
    assert (vault.state(), vault.fetch(owner, "credential")) == ("ready", SECRET)


def test_keys_come_from_the_environment_when_they_are_there(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seatwise.control import vault

    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    monkeypatch.setenv("SEATWISE_KEYS", f"a:{first}")
    owner = uuid4()
    vault.store(owner, ONE, "credential", SECRET)
    assert not list(vault.key_folder().glob("*.key"))
    with pytest.raises(AskAdmin, match="added there"):
        vault.rotate(lambda done, total: None)
    monkeypatch.setenv("SEATWISE_KEYS", f"a:{first}, b:{second}")
    assert vault.rotate(lambda done, total: None).key_id == "b"
    monkeypatch.setenv("SEATWISE_KEYS", f"b:{second}")
    assert vault.fetch(owner, "credential") == SECRET
    for told, state in ((f"a:{first}", "missing"), (f"b:{first}", "wrong"), ("b", "wrong"), ("b:short", "wrong")):
        monkeypatch.setenv("SEATWISE_KEYS", told)
        assert vault.state() == state
