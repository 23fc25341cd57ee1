"""The contract of :class:`launcher.identity.proof.PasswordMethod`; a subclass gives the fixture ``method``.

The method knows the officers of :mod:`tests.servers.people`, at least Alice and Bob.
"""

from __future__ import annotations

import asyncio

import pytest

from launcher.identity import refusals
from launcher.identity.proof import Accepted, PasswordMethod, Proof, SignInRefused
from launcher.secret import Secret
from tests.contract.identity.watch import RecordingWatch
from tests.servers.people import ALICE, BOB, PASSWORD, WRONG_PASSWORD


def sign_in(method: PasswordMethod, name: str, password: str, watch: RecordingWatch | None = None) -> Accepted:
    """Sign in on a loop of its own."""
    return asyncio.run(method.sign_in(Proof(name, Secret(password)), watch or RecordingWatch()))


def change_password(method: PasswordMethod, name: str, old: str, new: str) -> None:
    """Change a password on a loop of its own."""
    asyncio.run(method.change_password(Proof(name, Secret(old)), Secret(new), RecordingWatch()))


class PasswordMethodContract:
    """Inherited by the tests of each method."""

    def test_the_right_password_gives_the_officer(self, method: PasswordMethod) -> None:
        accepted = sign_in(method, ALICE.uid, PASSWORD)
        officer = accepted.officer
        assert (officer.user_name, officer.number, officer.display_name) == (ALICE.uid, ALICE.number, ALICE.name)
        assert officer.mail == ALICE.mail
        assert officer.groups == ALICE.all_groups
        assert accepted.method == method.name
        assert accepted.password == Secret(PASSWORD)
        assert accepted.warning == ""

    def test_the_id_is_the_officers_own_and_stays(self, method: PasswordMethod) -> None:
        first, second = sign_in(method, ALICE.uid, PASSWORD), sign_in(method, ALICE.uid, PASSWORD)
        other = sign_in(method, BOB.uid, PASSWORD)
        assert first.officer.id == second.officer.id != other.officer.id
        assert ALICE.uid not in first.officer.id.subject
        assert first.officer.id.issuer

    @pytest.mark.parametrize("typed", [f"  {ALICE.uid} ", ALICE.uid.upper()])
    def test_spaces_around_a_name_and_capitals_do_not_matter(self, method: PasswordMethod, typed: str) -> None:
        assert sign_in(method, typed, PASSWORD).officer.user_name == ALICE.uid

    def test_an_unknown_name_gets_the_answer_of_a_wrong_password(self, method: PasswordMethod) -> None:
        answers = []
        for name in (ALICE.uid, "nobody-of-that-name"):
            with pytest.raises(refusals.PasswordNotAccepted) as refused:
                sign_in(method, name, WRONG_PASSWORD)
            answers.append((refused.value.reference, refused.value.message, refused.value.next_step))
        sign_in(method, ALICE.uid, PASSWORD)  # takes the failure back where it is counted
        assert answers[0] == answers[1]
        assert not refusals.PasswordNotAccepted.must_change

    @pytest.mark.parametrize(("name", "password"), [(ALICE.uid, ""), ("", PASSWORD), ("   ", PASSWORD), ("", "")])
    def test_an_empty_field_is_refused_before_anything_is_asked(
        self, method: PasswordMethod, name: str, password: str
    ) -> None:
        watch = RecordingWatch()
        with pytest.raises(refusals.NameOrPasswordMissing):
            sign_in(method, name, password, watch)
        assert watch.phases == []

    @pytest.mark.parametrize(
        "name", ["alice\0", "*", "*)(uid=*", "alice)(|(uid=*", "a" * 5000, "alice,ou=people", "\\2a"]
    )
    def test_a_name_that_means_something_to_a_machine_is_just_unknown(self, method: PasswordMethod, name: str) -> None:
        with pytest.raises(refusals.PasswordNotAccepted):
            sign_in(method, name, PASSWORD)
        sign_in(method, ALICE.uid, PASSWORD)

    @pytest.mark.parametrize("password", ["pâsswörd £€", "\ud800", "*" * 10_000, "\0"])
    def test_a_password_of_any_characters_is_just_wrong(self, method: PasswordMethod, password: str) -> None:
        with pytest.raises(SignInRefused):
            sign_in(method, BOB.uid, password)
        sign_in(method, BOB.uid, PASSWORD)

    def test_the_phases_are_named_and_all_of_them_end(self, method: PasswordMethod) -> None:
        watch = RecordingWatch()
        sign_in(method, ALICE.uid, PASSWORD, watch)
        assert watch.phases.count("primary") == 1
        assert watch.running == []
        with pytest.raises(SignInRefused):
            sign_in(method, ALICE.uid, WRONG_PASSWORD, watch)
        assert watch.running == []
        sign_in(method, ALICE.uid, PASSWORD)

    def test_no_answer_shows_the_password(self, method: PasswordMethod) -> None:
        accepted = sign_in(method, ALICE.uid, PASSWORD)
        assert PASSWORD not in repr(accepted)
        with pytest.raises(SignInRefused) as refused:
            sign_in(method, ALICE.uid, WRONG_PASSWORD)
        fault = refused.value
        assert WRONG_PASSWORD not in f"{fault!r}{fault}{fault.detail}{fault.next_step}{fault.__cause__!r}"
        sign_in(method, ALICE.uid, PASSWORD)

    def test_a_wrong_old_password_changes_nothing(self, method: PasswordMethod) -> None:
        with pytest.raises(SignInRefused):
            change_password(method, BOB.uid, WRONG_PASSWORD, "Brand-New-Pw-9")
        sign_in(method, BOB.uid, PASSWORD)
