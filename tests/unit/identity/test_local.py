"""The officers file, its hashes and the waits after wrong passwords."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.errors import SettingsError
from launcher.identity import local, refusals
from launcher.identity.local import LocalMethod, hash_password
from launcher.identity.proof import Proof
from launcher.policy.settings import LocalSettings
from launcher.secret import Secret
from tests.contract.identity.password_method import change_password, sign_in
from tests.contract.identity.test_local import officer_table
from tests.contract.identity.watch import RecordingWatch
from tests.servers.people import ALICE, BOB, PASSWORD, WRONG_PASSWORD


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(Secret(PASSWORD))


@pytest.fixture
def officers_file(tmp_path: Path, hashed: str) -> Path:
    path = tmp_path / "officers.toml"
    path.write_text(officer_table(ALICE, hashed) + officer_table(BOB, hashed))
    return path


def test_a_hash_is_argon2id_at_full_cost_and_salted(hashed: str) -> None:
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert hash_password(Secret(PASSWORD)) != hashed
    assert PASSWORD not in hashed


def test_an_unknown_name_costs_what_a_known_one_costs(hashed: str) -> None:
    nobody, somebody = local._NOBODY.split("$"), hashed.split("$")
    assert nobody[:4] == somebody[:4]
    assert [len(part) for part in nobody] == [len(part) for part in somebody]
    assert not local._verify(Secret(PASSWORD), local._NOBODY)


def test_the_one_phase_is_the_proof(officers_file: Path) -> None:
    watch = RecordingWatch()
    sign_in(LocalMethod(LocalSettings(officers_file=officers_file)), ALICE.uid, PASSWORD, watch)
    assert watch.phases == ["primary"]


def test_after_five_wrong_passwords_nothing_is_checked_for_a_while(officers_file: Path) -> None:
    clock = Clock()
    method = LocalMethod(LocalSettings(officers_file=officers_file), clock=clock)
    for name in (ALICE.uid, "nobody", ALICE.uid, BOB.uid, ALICE.uid):
        with pytest.raises(refusals.PasswordNotAccepted):
            sign_in(method, name, WRONG_PASSWORD)
    watch = RecordingWatch()
    with pytest.raises(refusals.SignInThrottled, match="30 seconds"):
        sign_in(method, ALICE.uid, PASSWORD, watch)
    assert watch.phases == []
    clock.now_s += 30
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method, ALICE.uid, WRONG_PASSWORD)
    with pytest.raises(refusals.SignInThrottled, match="60 seconds"):
        sign_in(method, ALICE.uid, PASSWORD)
    clock.now_s += 60
    assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number
    with pytest.raises(refusals.PasswordNotAccepted):
        sign_in(method, ALICE.uid, WRONG_PASSWORD)


def test_the_wait_does_not_grow_for_ever() -> None:
    clock = Clock()
    throttle = local._Throttle(clock)
    for _ in range(200):
        throttle.failed()
    with pytest.raises(refusals.SignInThrottled, match="900 seconds"):
        throttle.check()


def test_the_file_is_not_changed_by_the_program(officers_file: Path) -> None:
    before = officers_file.read_bytes()
    with pytest.raises(refusals.PasswordChangeNotPossible):
        change_password(LocalMethod(LocalSettings(officers_file=officers_file)), ALICE.uid, PASSWORD, "Brand-New-Pw-9")
    assert officers_file.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "officer"),
        ("officer = 3", "officer"),
        ("[[officer]", "line 1"),
        ('[[officer]]\nid = "1"', "user_name"),
        ('[[officer]]\nid="1"\nuser_name="a"\nnumber="1"\ndisplay_name="A"\npassword="Station-Pw-1!"', "not a hash"),
        (
            '[[officer]]\nid="1"\nuser_name="a"\nnumber="1"\ndisplay_name="A"\npassword="$argon2id$v=19$m=8,t=1,p=1$a$b"',
            "not a hash",
        ),
    ],
)
def test_a_faulty_file_says_where_and_never_what_stands_there(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "officers.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as fault:
        LocalMethod(LocalSettings(officers_file=path))
    assert said in fault.value.detail
    assert str(path) in fault.value.detail
    assert PASSWORD not in fault.value.detail


def test_two_officers_of_one_name_are_refused(tmp_path: Path, hashed: str) -> None:
    path = tmp_path / "officers.toml"
    path.write_text(officer_table(ALICE, hashed) + officer_table(BOB, hashed).replace('"bob"', '"Alice"'))
    with pytest.raises(SettingsError) as fault:
        LocalMethod(LocalSettings(officers_file=path))
    assert "user_name" in fault.value.detail


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        LocalMethod(LocalSettings(officers_file=tmp_path / "none.toml"))


def test_the_loop_goes_on_while_a_password_is_checked(officers_file: Path) -> None:
    async def run() -> int:
        method = LocalMethod(LocalSettings(officers_file=officers_file))
        signing = asyncio.create_task(method.sign_in(Proof(ALICE.uid, Secret(PASSWORD)), RecordingWatch()))
        turns = 0
        while not signing.done():
            turns += 1
            await asyncio.sleep(0)
        await signing
        return turns

    assert asyncio.run(run()) > 10
