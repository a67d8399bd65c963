"""A copy of the sessions table opens no session and reads none."""

from __future__ import annotations

from pathlib import Path

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DP"


def test_a_session_comes_back_by_its_cookie_alone(data: Path) -> None:
    from django.contrib.sessions.models import Session

    from seatwise.web.stored_sessions import SessionStore

    kept = SessionStore()
    kept["totp"] = SECRET
    kept.save()
    assert SessionStore(kept.session_key)["totp"] == SECRET
    row = Session.objects.get()
    assert row.session_key != kept.session_key
    assert kept.session_key not in row.session_data
    assert SessionStore(row.session_key).load() == {}


def test_the_content_is_sealed_to_its_own_cookie(data: Path) -> None:
    from django.contrib.sessions.models import Session

    from seatwise.web.stored_sessions import SessionStore

    one, other = SessionStore(), SessionStore()
    one["who"], other["who"] = "one", "other"
    one.save()
    other.save()
    texts = list(Session.objects.values_list("session_data", flat=True))
    assert not any("who" in text for text in texts)
    Session.objects.update(session_data=texts[0])
    assert sorted(str(SessionStore(store.session_key).get("who")) for store in (one, other)) in (
        ["None", "one"],
        ["None", "other"],
    )


def test_a_new_id_and_a_sign_out_leave_no_row_behind(data: Path) -> None:
    from django.contrib.sessions.models import Session

    from seatwise.web.stored_sessions import SessionStore

    kept = SessionStore()
    kept["who"] = "me"
    kept.save()
    old = kept.session_key
    kept.cycle_key()
    kept.save()
    assert kept.session_key != old
    assert SessionStore(old).get("who") is None
    assert SessionStore(kept.session_key)["who"] == "me"
    kept.flush()
    assert Session.objects.count() == 0
