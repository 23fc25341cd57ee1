"""The rules of a run, as a table: what happened, and what is done next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.recipes.steps import AnyStep, Expect, Fill, Marker, Place, Press, Wait
from launcher.sign_on.driver import Seen
from launcher.sign_on.runner import (
    ACT_WITHIN_S,
    SETTLE_S,
    UNPROVEN_S,
    DeadlinePassed,
    Done,
    Effect,
    Event,
    Finish,
    Look,
    begin,
    repeated_password,
    step,
)

READY = Marker(means="ready", selector="#main")
FAILED = Marker(means="failed", selector=".refused", says="No.")
CHANGE = Marker(means="change-password", selector="#new")
ALREADY = Marker(means="already-signed-on", selector="#again")
NOTICE = Marker(means="notice", selector="#read")
ALL = (READY, NOTICE, FAILED, ALREADY, CHANGE)

NAME = Fill(field="#name", value="{username}")
PASSWORD = Fill(field="#password", value="{password}")
PRESS = Press(control="#go")
ENTER = Press(key="Enter")
FORM = (NAME, PASSWORD, PRESS)

PROVIDER = Place(url="https://id.force.example/", selector="input")


class Walked:
    """A run taken from event to event."""

    def __init__(
        self, steps: tuple[AnyStep, ...], markers: tuple[Marker, ...], prompts: tuple[Place, ...] = ()
    ) -> None:
        self.run, self.effect = begin(steps, markers, 30.0, prompts)

    @property
    def look(self) -> Look:
        assert isinstance(self.effect, Look)
        return self.effect

    @property
    def end(self) -> tuple[str, str, int]:
        assert isinstance(self.effect, Finish)
        outcome = self.effect.outcome
        return outcome.outcome, outcome.last_seen, outcome.step

    def then(self, event: Event) -> Effect:
        self.run, self.effect = step(self.run, event)
        return self.effect

    def see(self, place: Place) -> Effect:
        return self.then(Seen(self.look.places.index(place), f"at {place.selector}"))

    def wait_out(self) -> Effect:
        return self.then(DeadlinePassed("nothing"))


def test_a_form_is_filled_step_by_step_and_proved_by_its_marker() -> None:
    walk = Walked(FORM, (READY, FAILED))
    assert walk.look == Look((FAILED.place, Place(selector="#name"), READY.place), ACT_WITHIN_S)
    assert walk.see(Place(selector="#name")) == NAME
    walk.then(Done())
    assert walk.see(Place(selector="#password")) == PASSWORD
    walk.then(Done())
    assert walk.see(Place(selector="#go")) == PRESS
    walk.then(Done())
    assert walk.look == Look((FAILED.place, READY.place), 30.0)
    walk.see(READY.place)
    assert walk.end == ("ready", "at #main", 3)


@pytest.mark.parametrize(
    ("marker", "outcome"),
    [
        (READY, "ready"),
        (FAILED, "failed"),
        (CHANGE, "change-password"),
        (ALREADY, "already-signed-on"),
        (NOTICE, "notice"),
    ],
)
@pytest.mark.parametrize(
    "steps", [(), FORM, (Wait(selector="#logon"),), (Expect(next=Place(selector="#x")),), (ENTER,)]
)
def test_every_marker_ends_a_run_at_every_step(steps: tuple[AnyStep, ...], marker: Marker, outcome: str) -> None:
    walk = Walked(steps, ALL)
    walk.see(marker.place)
    assert walk.end == (outcome, f"at {marker.selector}", min(1, len(steps)))


def test_stopping_markers_are_looked_for_before_the_steps_place_and_the_others_after_it() -> None:
    walk = Walked((Wait(selector="#logon"),), ALL)
    assert [place.selector for place in walk.look.places] == [".refused", "#new", "#logon", "#main", "#read", "#again"]


def test_a_marker_says_its_own_word_and_a_failure_has_a_reference() -> None:
    walk = Walked((), (FAILED, READY))
    walk.see(FAILED.place)
    assert isinstance(walk.effect, Finish)
    assert walk.effect.outcome.says == "No."
    assert walk.effect.outcome.reference == "sign-on-refused"


def test_a_failure_speaks_against_the_credential_only_after_it_was_given() -> None:
    walk = Walked(FORM, (READY, FAILED))
    walk.see(FAILED.place)
    assert isinstance(walk.effect, Finish)
    assert not walk.effect.outcome.credential_refused

    walk = Walked(FORM, (READY, FAILED))
    for field in ("#name", "#password"):
        walk.see(Place(selector=field))
        walk.then(Done())
    walk.see(FAILED.place)
    assert isinstance(walk.effect, Finish)
    assert walk.effect.outcome.credential_refused


@pytest.mark.parametrize(
    ("steps", "within_s"),
    [
        ((Wait(selector="#a", within_s=7),), 7.0),
        ((Expect(next=Place(selector="#a"), within_s=8),), 8.0),
        ((Expect(within_s=9),), 9.0),
        ((NAME,), ACT_WITHIN_S),
        ((PRESS,), ACT_WITHIN_S),
        ((ENTER,), 0.0),
        ((Fill(value="{username}"),), 0.0),
        ((), 30.0),
    ],
)
def test_each_step_looks_for_its_own_time(steps: tuple[AnyStep, ...], within_s: float) -> None:
    assert Walked(steps, ALL).look.within_s == within_s


@pytest.mark.parametrize(
    "steps", [(Wait(selector="#a"),), (Expect(next=Place(selector="#a")),), (Expect(),), (NAME,), (PRESS,)]
)
def test_a_deadline_in_a_step_is_timed_out_with_what_was_last_seen(steps: tuple[AnyStep, ...]) -> None:
    walk = Walked(steps, ALL)
    walk.wait_out()
    assert walk.end == ("timed-out", "nothing", 1)


@pytest.mark.parametrize(("steps"), [(ENTER,), (Fill(value="{username}"),)])
def test_what_has_no_place_of_its_own_is_done_after_one_look(steps: tuple[AnyStep, ...]) -> None:
    walk = Walked(steps, ALL)
    assert walk.wait_out() == steps[0]


def test_a_deadline_after_the_last_step_is_timed_out() -> None:
    walk = Walked((), (READY,))
    walk.wait_out()
    assert walk.end == ("timed-out", "nothing", 0)


def test_a_marker_of_a_session_that_has_ended_is_none_of_a_runs_business() -> None:
    ended = Marker(means="signed-off", text="Your session has expired")
    assert begin(FORM, (ended, *ALL, ended), 30.0) == begin(FORM, ALL, 30.0)
    assert begin((), (ended,), 30.0) == begin((), (), 30.0)


def test_without_markers_the_outcome_is_unknown_at_once() -> None:
    walk = Walked((ENTER,), ())
    assert walk.effect == ENTER
    walk.then(Done())
    assert walk.end == ("unknown", "", 1)


def test_without_a_marker_that_proves_readiness_a_failure_is_waited_for_a_moment_and_then_it_is_unknown() -> None:
    walk = Walked((), (FAILED, NOTICE))
    assert walk.look.within_s == UNPROVEN_S
    walk.wait_out()
    assert walk.end == ("unknown", "nothing", 0)


def test_expect_goes_on_at_the_next_page() -> None:
    code = Fill(field="#code", value="{otp}")
    walk = Walked((Expect(next=Place(selector="#code")), code), (READY, FAILED))
    walk.see(Place(selector="#code"))
    assert walk.see(Place(selector="#code")) == code


@pytest.mark.parametrize(
    ("filled", "reference"), [("{otp}", "one-time-code-refused"), ("{password}", "sign-on-refused")]
)
def test_a_code_is_refused_where_one_was_given_and_its_marker_says_so(filled: str, reference: str) -> None:
    of_code = Marker(means="failed", selector="#wrong", refused="code")
    walk = Walked((Fill(field="#field", value=filled),), (of_code, FAILED, READY))
    walk.see(Place(selector="#field"))
    walk.then(Done())
    walk.see(of_code.place)
    assert isinstance(walk.effect, Finish)
    assert walk.effect.outcome.reference == reference
    assert walk.effect.outcome.code_refused is (filled == "{otp}")


LOGON, SECOND = Wait(selector="#logon"), Wait(selector="#second")


@pytest.mark.parametrize(
    ("steps", "refused_at"),
    [
        (FORM, None),
        ((*FORM, PASSWORD), 3),
        ((LOGON, *FORM, LOGON, PASSWORD), 5),
        ((LOGON, *FORM, SECOND, PASSWORD), None),
        ((LOGON, *FORM, SECOND, PASSWORD, LOGON, PASSWORD), 7),
        ((LOGON, *FORM, SECOND, LOGON, PASSWORD), 6),
        ((*FORM, Expect(), PASSWORD), 4),
        ((*FORM, Expect(next=Place(selector="#second")), PASSWORD), None),
        ((NAME, NAME), None),
        ((PASSWORD, Fill(field="#repeat", value="{password}")), None),
        ((Fill(value="{password}"), Fill(value="{password}")), 1),
    ],
)
def test_the_same_password_is_never_filled_twice_on_one_page(
    steps: tuple[AnyStep, ...], refused_at: int | None
) -> None:
    assert repeated_password(steps) == refused_at
    walk = Walked(steps, ())
    filled = 0
    while not isinstance(walk.effect, Finish):
        if isinstance(walk.effect, Look):
            own = next((index for index, target in enumerate(walk.run.looking)), None)
            walk.then(Seen(own, "seen") if own is not None else DeadlinePassed(""))
        else:
            filled += isinstance(walk.effect, Fill)
            walk.then(Done())
        if isinstance(walk.effect, Finish):
            break
    if refused_at is None or any(isinstance(one, Expect) and one.next is None for one in steps):
        return
    assert walk.end[0] == "failed"
    assert walk.end[2] == refused_at + 1
    assert filled == sum(isinstance(one, Fill) for one in steps[:refused_at])


def test_a_provider_page_that_is_passed_through_is_no_prompt() -> None:
    walk = Walked((), (READY,), (PROVIDER,))
    assert walk.look == Look((READY.place, PROVIDER), 30.0)
    walk.see(PROVIDER)
    assert walk.look == Look((READY.place,), SETTLE_S)
    walk.see(READY.place)
    assert walk.end[0] == "ready"


def test_a_provider_page_that_stays_is_the_officers() -> None:
    walk = Walked((), (READY,), (PROVIDER,))
    walk.see(PROVIDER)
    walk.wait_out()
    assert walk.look == Look((READY.place, PROVIDER), 30.0)
    walk.see(PROVIDER)
    assert walk.end[0] == "notice"


_steps = st.sampled_from(
    [LOGON, SECOND, NAME, PASSWORD, PRESS, ENTER, Expect(), Expect(next=Place(selector="#next")), Fill(value="{otp}")]
)


@given(
    st.lists(_steps, max_size=8),
    st.lists(st.sampled_from(ALL), max_size=4),
    st.booleans(),
    st.lists(st.one_of(st.none(), st.integers(0, 9)), max_size=60),
)
def test_every_run_ends_whatever_happens(
    steps: list[AnyStep], markers: list[Marker], prompts: bool, happened: list[int | None]
) -> None:
    walk = Walked(tuple(steps), tuple(markers), (PROVIDER,) if prompts else ())
    passwords: list[object] = []
    for what in [*happened, *[None] * 60]:
        if isinstance(walk.effect, Finish):
            break
        if isinstance(walk.effect, Look):
            count = len(walk.effect.places)
            walk.then(Seen(what % count, "x") if what is not None and count else DeadlinePassed("y"))
        else:
            if isinstance(walk.effect, Fill) and "password" in walk.effect.names:
                passwords.append((walk.run.way, walk.effect.field))
            walk.then(Done())
    assert isinstance(walk.effect, Finish)
    assert len(passwords) == len(set(passwords))
    proves = {marker.means for marker in markers} & {"ready", "already-signed-on"}
    if walk.effect.outcome.outcome == "ready":
        assert "ready" in proves
