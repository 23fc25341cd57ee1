"""The officer's ticket, against a real realm: had, told apart, renewed, ended, and nobody else's."""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import pytest

from launcher.bootstrap.tickets import officer_tickets
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import Ticket, TicketCache
from launcher.identity.kerberos import errors as e
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.policy.settings import Settings
from launcher.secret import Secret
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import PASSWORD, WRONG_PASSWORD
from tests.servers.process import ReservedPort

T = TypeVar("T")

SETTINGS = KerberosSettings(realm=REALM)
HOUR_S = 3600.0


@pytest.fixture(autouse=True)
def in_the_realm(shared_realm: Kdc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    # What the account's own tickets are, nobody asks.
    monkeypatch.setenv("KRB5CCNAME", "FILE:/nowhere/tickets")


@pytest.fixture
def cache(tmp_path: Path) -> TicketCache:
    return TicketCache(SETTINGS, tmp_path / "run" / "tickets")


def run(story: Coroutine[None, None, T]) -> T:
    return asyncio.run(story)


def tickets(cache: TicketCache, user: str = "alice", password: str = PASSWORD, **more: object) -> Tickets:
    return Tickets(cache, Credential(user, Secret(password)), **more)  # type: ignore[arg-type]


def refusal(cache: TicketCache, user: str, password: str = PASSWORD) -> LauncherError:
    with pytest.raises(LauncherError) as told:
        run(cache.obtain(user, Secret(password)))
    assert not cache.file.exists()
    return told.value


def test_a_ticket_is_had_once_for_all_who_ask_and_lies_in_a_file_of_ones_own(
    cache: TicketCache, shared_realm: Kdc
) -> None:
    asked = shared_realm.asked("alice")
    mine = tickets(cache)

    async def story() -> None:
        held = await asyncio.gather(*(mine.ticket() for _ in range(5)))
        assert {one.file for one in held} == {cache.file}

    run(story())
    assert shared_realm.asked("alice") - asked == 2  # once for what the realm wants, once with it
    assert stat.S_IMODE(cache.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.file.parent.stat().st_mode) == 0o700
    assert [one.name for one in cache.file.parent.iterdir()] == ["tickets"]


@pytest.mark.parametrize("typed", ["alice", "STATION\\alice", "alice@station.test"])
def test_a_name_is_known_however_it_was_typed(cache: TicketCache, typed: str) -> None:
    assert not run(cache.obtain(typed, Secret(PASSWORD))).due(0.0)


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ("nobody", e.KerberosPasswordRefusedError),
        ("alice/admin", e.KerberosPasswordRefusedError),
        ("expired", e.KerberosPasswordExpiredError),
        ("must-change", e.KerberosPasswordExpiredError),
        ("switched-off", e.KerberosAccountRefusedError),
        ("ended", e.KerberosAccountRefusedError),
    ],
)
def test_what_the_realm_refuses_is_told_apart(cache: TicketCache, user: str, kind: type[LauncherError]) -> None:
    said = refusal(cache, user)
    assert type(said) is kind
    assert not said.retryable
    assert PASSWORD not in f"{said.message}{said.detail}"
    assert said.__cause__ is None


def test_a_wrong_password_is_tried_once_and_never_again_until_there_is_another(
    cache: TicketCache, shared_realm: Kdc
) -> None:
    mine = tickets(cache, "wrong-once", WRONG_PASSWORD)
    before = shared_realm.failures("wrong-once")

    async def story() -> None:
        for _ in range(3):
            with pytest.raises(e.KerberosPasswordRefusedError):
                await mine.ticket()
        assert shared_realm.failures("wrong-once") == before + 1
        mine.proved_again(Credential("wrong-once", Secret(WRONG_PASSWORD)))
        with pytest.raises(e.KerberosPasswordRefusedError):
            await mine.ticket()
        assert shared_realm.failures("wrong-once") == before + 1
        mine.proved_again(Credential("wrong-once", Secret(PASSWORD)))
        await mine.ticket()

    run(story())


def test_who_logged_on_without_a_password_is_told_so(cache: TicketCache) -> None:
    with pytest.raises(e.KerberosNoPasswordError):
        run(Tickets(cache, None).ticket())


def test_a_realm_that_is_away_is_said_and_asked_again(
    cache: TicketCache, shared_realm: Kdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = ReservedPort()
    away = tmp_path / "away.conf"
    text = shared_realm.config.read_text()
    away.write_text(text.replace(f":{shared_realm.port}", f":{nobody.number}"))
    mine = tickets(cache)

    async def story() -> None:
        monkeypatch.setenv("KRB5_CONFIG", str(away))
        with pytest.raises(e.KerberosUnreachableError):
            await mine.ticket()
        monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
        await mine.ticket()

    try:
        run(story())
    finally:
        nobody.release()


def test_two_officers_in_one_process_hold_their_own(tmp_path: Path) -> None:
    caches = {name: TicketCache(SETTINGS, tmp_path / name / "tickets") for name in ("alice", "bob")}

    async def story() -> None:
        await asyncio.gather(*(tickets(cache, name).ticket() for name, cache in caches.items()))

    run(story())
    for name, cache in caches.items():
        other = next(one for one in caches if one != name)
        content = cache.file.read_bytes()
        assert name.encode() in content
        assert other.encode() not in content
    assert not set(caches["alice"].secrets()) & set(caches["bob"].secrets())


def test_a_ticket_is_renewed_in_time_without_the_password(cache: TicketCache, shared_realm: Kdc) -> None:
    clock, pauses = [0.0], []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise asyncio.CancelledError
        clock[0] += 9.5 * HOUR_S  # of the ten that it is good for

    real = run(cache.obtain("alice", Secret(PASSWORD)))
    clock[0] = real.from_s
    shifted = TicketCache(SETTINGS, cache.file, now=lambda: clock[0])
    mine = tickets(shifted, now=lambda: clock[0], pause=pause)
    before = cache.secrets()

    async def story() -> None:
        with pytest.raises(asyncio.CancelledError):
            await mine.keep()

    failures, asked = shared_realm.failures("alice"), shared_realm.asked("alice")
    run(story())
    assert cache.secrets() != before
    assert shared_realm.renewed("alice") >= 1
    assert (shared_realm.failures("alice"), shared_realm.asked("alice") - asked) == (failures, 2)


def test_a_ticket_that_cannot_be_renewed_is_asked_for_anew(
    cache: TicketCache, shared_realm: Kdc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no kinit
    clock = [0.0]
    rounds = iter((None, None))

    async def pause(_: float) -> None:
        if next(rounds, "over") == "over":
            raise asyncio.CancelledError
        clock[0] += 9.5 * HOUR_S

    clock[0] = run(cache.obtain("alice", Secret(PASSWORD))).from_s
    mine = tickets(TicketCache(SETTINGS, cache.file, now=lambda: clock[0]), now=lambda: clock[0], pause=pause)
    asked = shared_realm.asked("alice")

    async def story() -> None:
        with pytest.raises(asyncio.CancelledError):
            await mine.keep()

    run(story())
    assert shared_realm.asked("alice") - asked == 6  # at first, and two times anew


def test_the_end_leaves_neither_a_file_nor_a_way_to_another_ticket(cache: TicketCache) -> None:
    mine = tickets(cache)

    async def story() -> None:
        await mine.ticket()
        held = mine.secrets()
        assert len(held) >= 2
        assert all(len(one) >= 16 for one in held)
        mine.end()
        assert not cache.file.exists()
        assert mine.secrets() == ()
        with pytest.raises(e.KerberosNoPasswordError):
            await mine.ticket()

    run(story())


def test_a_ticket_that_comes_after_the_end_is_not_kept(cache: TicketCache, monkeypatch: pytest.MonkeyPatch) -> None:
    from launcher.identity.kerberos import gss

    obtain = gss.obtain

    def obtain_late(principal: str, password: Secret, file: Path) -> None:
        obtain(principal, password, file)
        cache.destroy()

    monkeypatch.setattr(gss, "obtain", obtain_late)
    with pytest.raises(LauncherError):
        run(cache.obtain("alice", Secret(PASSWORD)))
    assert list(cache.file.parent.iterdir()) == []
    cache = TicketCache(SETTINGS, cache.file, own_folder=True)
    with pytest.raises(LauncherError):
        run(cache.obtain("alice", Secret(PASSWORD)))
    assert not cache.file.parent.exists()


@pytest.mark.parametrize("had", [True, False])
def test_without_a_station_the_folder_made_for_the_tickets_goes_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, had: bool
) -> None:
    monkeypatch.delenv("KRB5CCNAME")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    local = {"station": {"terminal": "FD-1"}, "sign_in": {"methods": ["local"]}, "local": {}}
    settings = Settings.model_validate(local | {"kerberos": {"realm": REALM}})
    mine = officer_tickets(settings, Credential("alice", Secret(PASSWORD)))
    assert mine is not None
    if had:
        run(mine.ticket())
    assert len(list(tmp_path.glob("station-launcher-*"))) == 1
    mine.end()
    assert not list(tmp_path.glob("station-launcher-*"))


def test_the_realm_is_not_asked_again_beside_a_try_that_still_goes_on(
    cache: TicketCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    from launcher.identity.kerberos import gss

    obtain, tries, go_on = gss.obtain, [], threading.Event()

    def obtain_late(principal: str, password: Secret, file: Path) -> None:
        tries.append(principal)
        go_on.wait()
        obtain(principal, password, file)

    monkeypatch.setattr(gss, "obtain", obtain_late)

    async def story() -> None:
        with monkeypatch.context() as hurried:
            hurried.setattr("launcher.identity.kerberos.cache.ANSWER_S", 0.2)
            for _ in range(2):
                with pytest.raises(e.KerberosUnreachableError):
                    await cache.obtain("alice", Secret(PASSWORD))
        go_on.set()
        assert (await cache.held()).ends_s > 0  # what came late is as good
        assert len(tries) == 1

    try:
        run(story())
    finally:
        go_on.set()


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    with pytest.raises(e.KerberosFaultError):
        run(TicketCache(SETTINGS, tmp_path / "run" / "tickets").obtain("alice", Secret(PASSWORD)))


def test_a_computer_without_the_package_says_so(cache: TicketCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.identity.kerberos.cache.find_spec", lambda name: None)
    assert isinstance(refusal(cache, "alice"), e.KerberosMissingError)


def test_when_a_ticket_is_due() -> None:
    long, short = Ticket(0, 10 * HOUR_S), Ticket(0, 600)
    assert [long.due(at * HOUR_S) for at in (8.9, 9, 10)] == [False, True, True]
    assert [short.due(at) for at in (449, 450)] == [False, True]
    assert [short.ended(at) for at in (599, 600)] == [False, True]
