"""What the login half keeps over a restart, and who may read it."""

import stat
from pathlib import Path

from tests.entra_sandbox.login import ask, claims, does, refresh, registered, signed_in, user_tokens
from tests.support.sandbox import running_sandbox

FLAGS = {"users": 50, "apps": 20, "seed": 3, "as_of": "2026-10-01T08:00:00Z"}


def test_keys_registrations_and_refresh_tokens_outlive_the_process(tmp_path: Path) -> None:
    with running_sandbox(data=tmp_path, **FLAGS) as first:
        app = registered(first, name="Kept")
        token, access = user_tokens(first)["refresh_token"], first.token()
        does(first, "disable_user", user=claims(user_tokens(first, "Sandbox User")["access_token"])["oid"])
    with running_sandbox(data=tmp_path, **FLAGS) as second:
        assert (second.client_id, second.client_secret) == (first.client_id, first.client_secret)
        assert second.ca.read_bytes() == first.ca.read_bytes()
        assert ask(second, client_id=app["client_id"], client_secret=app["client_secret"])[0] == 200
        assert second.get("v1.0/organization", access)[0] == 200
        assert refresh(second, token)[0] == 200
        assert "AADSTS50057" in signed_in(second, "Sandbox User").text


def test_nobody_else_reads_keys_and_secrets(tmp_path: Path) -> None:
    with running_sandbox(data=tmp_path, **FLAGS) as sandbox:
        registered(sandbox, name="Secret")
    private = [path for path in tmp_path.rglob("*") if path.suffix in (".key", ".secret", ".json")]
    assert len(private) >= 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}


def test_another_companys_registrations_are_apart(tmp_path: Path) -> None:
    with (
        running_sandbox(data=tmp_path, **FLAGS) as first,
        running_sandbox(data=tmp_path, **FLAGS | {"seed": 4}) as other,
    ):
        assert first.client_id != other.client_id
        assert ask(other, client_id=first.client_id)[2]["error_codes"] == [700016]
