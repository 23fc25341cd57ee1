"""Which tabs fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from launcher.shell.workspace.fit import Wish, fit


def more(count: int) -> int:
    return 90


def wish(system: str, name: int = 100, *, must: bool = False) -> Wish:
    return Wish(system, 40, name, name if must else min(name, 50), must)


def test_all_are_whole_where_there_is_room() -> None:
    fitted = fit([wish("a"), wish("b", 60)], 500, more)
    assert fitted.shown == (("a", 140), ("b", 100))
    assert fitted.hidden == ()


def test_the_longest_names_are_cut_first() -> None:
    fitted = fit([wish("a", 200), wish("b", 60)], 260, more)
    assert fitted.shown == (("a", 160), ("b", 100))


def test_the_last_go_behind_the_button_and_what_must_be_seen_stays() -> None:
    fitted = fit([wish("a"), wish("b"), wish("c"), wish("now", must=True), wish("d")], 330, more)
    assert [system for system, _ in fitted.shown] == ["a", "now"]
    assert fitted.hidden == ("b", "c", "d")


@given(
    st.lists(st.tuples(st.integers(10, 80), st.integers(0, 300), st.booleans()), min_size=1, max_size=12),
    st.integers(0, 1500),
)
def test_nothing_is_lost_and_nothing_overflows(tabs: list[tuple[int, int, bool]], width: int) -> None:
    wishes = [Wish(str(n), fixed, name, min(name, 40), must) for n, (fixed, name, must) in enumerate(tabs)]
    fitted = fit(wishes, width, more)
    shown = [system for system, _ in fitted.shown]
    assert sorted([*shown, *fitted.hidden], key=int) == [one.system for one in wishes]
    assert shown == sorted(shown, key=int)
    if len(shown) > 1:
        assert sum(wide for _, wide in fitted.shown) + (more(1) if fitted.hidden else 0) <= width
    if any(one.must for one in wishes if one.system in fitted.hidden):
        assert all(one.must for one in wishes if one.system in shown) or len(shown) == 1
