"""The rules of a run over screens, as a table: what was seen, and what is done next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launcher.recipes.screens import Screen, ScreenFill, ScreenMeans
from launcher.sign_on.runner import SETTLE_S, DeadlinePassed, Done
from launcher.sign_on.stages import (
    MOST_MET,
    Effect,
    End,
    Event,
    LineClosed,
    LookFor,
    PressKey,
    StageGone,
    StageSeen,
    begin,
    fills_ahead,
    reachable,
    step,
)

NAME = ScreenFill(label="USERID", value="{username}")
PASSWORD = ScreenFill(hidden=True, value="{password}")


def leads(name: str, *following: str, fill: tuple[ScreenFill, ...] = (), press: str = "Enter", s: float = 7) -> Screen:
    return Screen(name=name, text=(name,), fill=fill, press=press, next=following, within_s=s)


def proves(name: str, means: ScreenMeans, says: str = "") -> Screen:
    return Screen(name=name, text=(name,), means=means, says=says)


LOGON = leads("logon", "news", "menu", "refused", "expired", fill=(NAME, PASSWORD))
NEWS = leads("news", "news", "menu", press="PF3", s=9)
MENU = proves("menu", "ready")
REFUSED = proves("refused", "failed", "Not accepted.")
EXPIRED = proves("expired", "change-password")
HOST = (LOGON, NEWS, MENU, REFUSED, EXPIRED)


class Walked:
    """A run taken from event to event."""

    def __init__(self, *screens: Screen, begins: tuple[str, ...] = (), anywhere: bool = False) -> None:
        self.run, self.effect = begin(screens, 30.0, begins=begins, anywhere=anywhere)

    @property
    def look(self) -> LookFor[Screen]:
        assert isinstance(self.effect, LookFor)
        return self.effect

    @property
    def looked_for(self) -> list[str]:
        return [screen.name for screen in self.look.screens]

    @property
    def end(self) -> End:
        assert isinstance(self.effect, End)
        return self.effect

    def then(self, event: Event) -> Effect[Screen]:
        self.run, self.effect = step(self.run, event)
        return self.effect

    def see(self, name: str, words: str = "") -> Effect[Screen]:
        return self.then(StageSeen(self.looked_for.index(name), f"at {name}", words))

    def act(self) -> list[Effect[Screen]]:
        """Do all that is to be done on the screen in hand."""
        done: list[Effect[Screen]] = []
        while not isinstance(self.effect, LookFor | End):
            done.append(self.effect)
            self.then(Done())
        return done

    def meet(self, name: str) -> list[Effect[Screen]]:
        self.see(name)
        return self.act()

    def wait_out(self) -> Effect[Screen]:
        return self.then(DeadlinePassed("nothing"))


def test_a_screen_is_filled_in_order_its_key_pressed_and_one_of_the_next_looked_for() -> None:
    walk = Walked(*HOST)
    assert walk.look == LookFor((LOGON,), 30.0)
    assert walk.meet("logon") == [NAME, PASSWORD, PressKey("Enter")]
    assert walk.look.within_s == 7.0
    assert walk.looked_for == ["refused", "expired", "news", "menu", "logon"]
    walk.see("menu")
    assert walk.end == End("ready", "", "at menu", 2, frozenset({"password"}), "menu")


@pytest.mark.parametrize(
    ("screen", "ended", "says"),
    [("menu", "ready", ""), ("refused", "failed", "Not accepted."), ("expired", "change-password", "")],
)
def test_a_screen_that_means_something_ends_the_run_with_its_words(screen: str, ended: str, says: str) -> None:
    walk = Walked(*HOST)
    walk.meet("logon")
    walk.see(screen)
    assert (walk.end.ended, walk.end.says, walk.end.met) == (ended, says, 2)


def test_a_screen_that_goes_before_anything_is_done_there_was_not_met() -> None:
    walk = Walked(*HOST)
    walk.see("logon")
    assert walk.effect == NAME
    assert walk.then(StageGone()) == LookFor((LOGON,), 30.0)
    assert walk.run.given == frozenset()
    walk.meet("logon")
    walk.see("news")
    assert walk.then(StageGone()) == LookFor((REFUSED, EXPIRED, NEWS, MENU, LOGON), 7.0)
    walk.see("menu")
    assert (walk.end.ended, walk.end.given) == ("ready", frozenset({"password"}))
    for screens in (HOST, (NEWS, MENU)):  # one that flickers is not waited for without end
        walk = Walked(*screens)
        for _ in range(MOST_MET):
            if isinstance(walk.effect, LookFor):
                walk.then(StageSeen(0, "here"))
                walk.then(StageGone())
        assert isinstance(walk.then(StageSeen(0, "here")), End)


def test_where_a_screen_has_no_words_the_hosts_own_are_said() -> None:
    walk = Walked(LOGON, proves("menu", "failed"), proves("refused", "failed", "Ours."))
    walk.meet("logon")
    walk.see("menu", "USER NOT AUTHORISED")
    assert walk.end.says == "USER NOT AUTHORISED"
    walk = Walked(*HOST)
    walk.meet("logon")
    walk.see("refused", "IEA123I")
    assert walk.end.says == "Not accepted."


def test_optional_screens_may_come_in_any_order_and_again() -> None:
    walk = Walked(*HOST)
    walk.meet("logon")
    assert walk.meet("news") == [PressKey("PF3")]
    assert walk.look == LookFor((NEWS, MENU), 9.0)
    assert walk.meet("news") == [PressKey("PF3")]
    walk.see("menu")
    assert (walk.end.ended, walk.end.met) == ("ready", 4)


def test_a_run_may_begin_with_one_of_several_screens() -> None:
    walk = Walked(*HOST, begins=("news", "logon"))
    assert walk.looked_for == ["news", "logon"]
    walk.meet("news")
    assert walk.looked_for == ["news", "menu"]


def test_anywhere_what_proves_comes_first_and_what_is_any_screen_last() -> None:
    anything = Screen(name="any", press="Clear", next=("empty",))
    walk = Walked(anything, leads("empty", "logon"), proves("logon", "logon"), anywhere=True)
    assert walk.looked_for == ["logon", "empty", "any"]
    walk.see("logon")
    assert walk.end.ended == "logon"


def test_what_is_any_screen_counts_last_wherever_it_is_named() -> None:
    anything = Screen(name="any", press="PF3", next=("any", "logon"))
    walk = Walked(anything, proves("logon", "logon"))
    walk.meet("any")
    assert walk.looked_for == ["logon", "any"]


def test_a_screen_may_fill_without_a_key_or_press_without_a_fill() -> None:
    walk = Walked(leads("code", "menu", fill=(NAME,), press=""), MENU)
    assert walk.meet("code") == [NAME]
    assert walk.looked_for == ["menu"]


@pytest.mark.parametrize("back_to", ["logon", "user"])
def test_a_host_that_comes_back_to_the_logon_and_stays_has_refused(back_to: str) -> None:
    screens = (leads("user", "logon", fill=(NAME,)), LOGON, *HOST[1:])
    walk = Walked(*screens)
    walk.meet("user")
    walk.meet("logon")
    assert walk.looked_for == ["refused", "expired", "news", "menu", "user", "logon"]
    walk.see(back_to)
    # It may only be passing: for a moment only what was named counts.
    assert walk.look == LookFor((REFUSED, EXPIRED, NEWS, MENU), SETTLE_S)
    walk.wait_out()
    walk.see(back_to, "PASSWORD NOT VALID")
    assert (walk.end.ended, walk.end.says) == ("failed", "PASSWORD NOT VALID")
    assert walk.end.given == {"password"}


def test_a_logon_that_is_only_passed_on_the_way_is_no_refusal() -> None:
    walk = Walked(*HOST)
    walk.meet("logon")
    walk.see("logon")
    walk.meet("news")
    walk.see("menu")
    assert walk.end.ended == "ready"

    walk = Walked(*HOST)
    walk.meet("logon")
    walk.see("logon")
    walk.wait_out()
    assert walk.looked_for == ["refused", "expired", "news", "menu", "logon"]
    walk.see("menu")
    assert walk.end.ended == "ready"


def test_later_screens_are_no_refusal_when_they_come_back() -> None:
    walk = Walked(LOGON, leads("news", "more"), leads("more", "menu"), *HOST[2:])
    walk.meet("logon")
    walk.meet("news")
    assert walk.looked_for == ["more"]


def test_the_password_is_never_given_twice_also_where_the_entry_says_so() -> None:
    round_about = leads("news", "logon")
    walk = Walked(LOGON, round_about, *HOST[2:])
    walk.meet("logon")
    walk.meet("news")
    walk.see("logon", "AGAIN")
    assert (walk.end.ended, walk.end.says) == ("failed", "AGAIN")

    walk = Walked(LOGON, leads("news", "other", fill=(PASSWORD,)), *HOST[2:])
    walk.meet("logon")
    walk.see("news")
    assert walk.end.ended == "failed"


def test_a_new_password_may_be_asked_for_twice_on_different_screens() -> None:
    new = ScreenFill(value="{new_password}")
    screens = (
        leads("old", "new", fill=(PASSWORD,)),
        leads("new", "repeat", fill=(new,)),
        leads("repeat", "done", "new", fill=(new,)),
        proves("done", "changed"),
    )
    walk = Walked(*screens, anywhere=True)
    for name in ("old", "new", "repeat"):
        walk.meet(name)
    walk.see("done")
    assert (walk.end.ended, walk.end.given) == ("changed", {"password", "new_password"})

    walk = Walked(*screens, anywhere=True)
    for name in ("old", "new", "repeat"):
        walk.meet(name)
    walk.see("new")
    assert walk.end.ended == "failed"


def test_a_deadline_says_what_was_last_seen() -> None:
    walk = Walked(*HOST)
    walk.wait_out()
    assert walk.end == End("timed-out", "", "nothing", 0)
    walk = Walked(*HOST)
    walk.meet("logon")
    walk.wait_out()
    assert walk.end == End("timed-out", "", "nothing", 1, frozenset({"password"}))


def test_without_a_screen_that_could_prove_readiness_it_is_unknown() -> None:
    assert Walked().end == End("unknown")
    walk = Walked(LOGON, NEWS, REFUSED)
    walk.meet("logon")
    walk.wait_out()
    assert walk.end.ended == "unknown"


def test_a_host_that_closes_the_line_ends_the_run_at_any_moment() -> None:
    walk = Walked(*HOST)
    walk.then(LineClosed("gone"))
    assert (walk.end.ended, walk.end.last_seen, walk.end.met) == ("line-closed", "gone", 0)
    walk = Walked(*HOST)
    walk.see("logon")
    walk.then(LineClosed("gone"))
    assert (walk.end.ended, walk.end.met) == ("line-closed", 1)


def test_a_host_that_leads_in_circles_is_given_up_on() -> None:
    walk = Walked(NEWS, MENU)
    for _ in range(MOST_MET - 1):
        walk.meet("news")
    walk.see("news")
    assert (walk.end.ended, walk.end.met) == ("timed-out", MOST_MET)


def test_there_are_fills_ahead_until_the_last_one_is_done() -> None:
    walk = Walked(*HOST)
    assert fills_ahead(walk.run)
    walk.see("logon")
    assert fills_ahead(walk.run)
    walk.act()
    assert not fills_ahead(walk.run)
    assert not fills_ahead(Walked(NEWS, MENU).run)


def test_what_may_be_met_from_a_screen_on() -> None:
    assert reachable(HOST, ["logon"]) == {"logon", "news", "menu", "refused", "expired"}
    assert reachable(HOST, ["news", "nowhere"]) == {"news", "menu"}


NAMES = ("a", "b", "c", "d", "e")
MEANS: tuple[ScreenMeans, ...] = (
    "ready", "failed", "change-password", "already-signed-on", "notice", "logon", "changed",
)  # fmt: skip


@st.composite
def any_screen(draw: st.DrawFn, name: str) -> Screen:
    if draw(st.integers(0, 4)) == 0:
        return proves(name, draw(st.sampled_from(MEANS)))
    value = draw(st.sampled_from(["", "", "{password}", "{new_password}", "{otp}", "{username}", "LOGOFF"]))
    following = draw(st.lists(st.sampled_from([*NAMES, "nowhere"]), min_size=1, max_size=4))
    if "{" in value and value != "{username}":
        following = [one for one in following if one != name] or ["nowhere"]
    fill = (ScreenFill(value=value),) if value else ()
    return leads(name, *following, fill=fill)


@settings(deadline=None)
@given(st.tuples(*(any_screen(name) for name in NAMES)), st.booleans(), st.data())
def test_any_host_ends_a_run_and_is_given_a_password_once(
    screens: tuple[Screen, ...], anywhere: bool, data: st.DataObject
) -> None:
    walk = Walked(*screens, anywhere=anywhere)
    passwords = 0
    for _ in range(10 * MOST_MET):
        match walk.effect:
            case End():
                assert passwords <= 1
                assert ("password" in walk.effect.given) == bool(passwords)
                return
            case LookFor():
                fills_ahead(walk.run)
                choice = data.draw(st.integers(-1, len(walk.look.screens) - 1))
                if choice < 0:
                    walk.wait_out()
                else:
                    walk.then(StageSeen(choice, "here"))
            case ScreenFill() | PressKey() if walk.run.before is not None and data.draw(st.integers(0, 4)) == 0:
                walk.then(StageGone())
            case ScreenFill():
                passwords += "password" in walk.effect.names
                walk.then(Done())
            case PressKey():
                walk.then(Done())
    pytest.fail("the run has not ended")
