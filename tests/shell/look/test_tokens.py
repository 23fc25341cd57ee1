"""The colour tables of the design: every ratio it states is computed here from the tokens."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QColor

from launcher.shell.look.tokens import (
    DARK,
    LIGHT,
    STEPS,
    Colours,
    Group,
    Pair,
    Phase,
    Role,
    State,
    Type,
    faded,
    mixed,
)

THEMES = {"light": LIGHT, "dark": DARK}


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def ratio(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# token, background, ratio in light, ratio in dark: as the token table states them
STATED = [
    ("chrome_edge", "chrome", 5.0, 5.1),
    ("chrome_edge", "chrome_raised", 4.1, 4.3),
    ("chrome_text", "chrome", 15.3, 17.1),
    ("chrome_text", "chrome_raised", 12.6, 14.3),
    ("chrome_text2", "chrome", 9.7, 9.9),
    ("chrome_text2", "chrome_raised", 7.9, 8.2),
    ("edge", "surface", 4.7, 5.0),
    ("edge", "canvas", 4.0, 5.8),
    ("text", "surface", 17.2, 13.3),
    ("text", "canvas", 14.7, 15.1),
    ("text", "match", 12.5, 7.6),
    ("text2", "surface", 8.2, 8.5),
    ("text2", "canvas", 6.9, 9.7),
    ("disabled", "disabled_bg", 3.5, 4.2),
    ("disabled", "surface", 4.5, 4.9),
    ("accent", "surface", 8.1, 7.9),
    ("accent", "canvas", 6.9, 9.0),
    ("accent", "accent_soft", 6.9, 6.4),
    ("action", "surface", 8.1, 3.1),
    ("action", "canvas", 6.9, 3.5),
    ("on_action", "action", 8.1, 5.0),
    ("on_action", "action_hover", 10.6, 5.6),
    ("ring", "surface", 17.2, 15.4),
    ("ring", "canvas", 14.7, 17.6),
    ("chrome_ring", "chrome", 16.5, 19.1),
    ("chrome_ring", "chrome_raised", 13.5, 15.9),
]


def named(colours: Colours, name: str) -> QColor:
    colour = getattr(colours, name)
    assert isinstance(colour, QColor)
    return colour


@pytest.mark.parametrize(("fg", "bg", "light", "dark"), STATED)
def test_a_stated_ratio_holds(fg: str, bg: str, light: float, dark: float) -> None:
    assert ratio(named(LIGHT, fg), named(LIGHT, bg)) == pytest.approx(light, abs=0.06)
    assert ratio(named(DARK, fg), named(DARK, bg)) == pytest.approx(dark, abs=0.06)


@pytest.mark.parametrize("theme", THEMES)
def test_text_reaches_aa_and_outlines_reach_three_to_one(theme: str) -> None:
    colours = THEMES[theme]
    for fg, bg in (
        ("text", "surface"),
        ("text", "canvas"),
        ("text", "sunken"),
        ("text", "hover"),
        ("text", "accent_soft"),
        ("text2", "surface"),
        ("text2", "canvas"),
        ("text2", "sunken"),
        ("text2", "hover"),
        ("accent", "surface"),
        ("accent", "hover"),
        ("on_action", "action"),
        ("on_action", "action_hover"),
        ("on_action", "action_press"),
        ("chrome_text", "chrome"),
        ("chrome_text", "chrome_raised"),
        ("chrome_text2", "chrome_raised"),
    ):
        assert ratio(named(colours, fg), named(colours, bg)) >= 4.5, (fg, bg)
    for fg, bg in (("edge", "surface"), ("edge", "canvas"), ("chrome_edge", "chrome_raised"), ("ring", "canvas")):
        assert ratio(named(colours, fg), named(colours, bg)) >= 3.0, (fg, bg)


STATE_RATIOS = {
    State.READY: (7.0, 6.0, 8.8, 7.6),
    State.OPENING: (8.1, 6.9, 7.9, 6.4),
    State.SIGNING: (8.2, 6.8, 7.9, 7.2),
    State.NEEDS: (8.4, 7.6, 10.6, 9.2),
    State.FAILED: (7.7, 6.6, 8.1, 7.7),
    State.UNKNOWN: (7.1, 6.0, 8.5, 6.7),
    State.LOCKED: (13.5, 10.8, 11.4, 8.6),
    State.OFFLINE: (7.1, 6.0, 8.5, 6.7),
    State.DEGRADED: (7.3, 6.3, 8.7, 7.9),
}


@pytest.mark.parametrize("state", State)
def test_state_colours_have_their_stated_ratios(state: State) -> None:
    found = []
    for colours in (LIGHT, DARK):
        pair = colours.states[state]
        found += [ratio(pair.fg, colours.surface), ratio(pair.fg, pair.bg)]
    assert found == pytest.approx(STATE_RATIOS[state], abs=0.06)


@pytest.mark.parametrize("theme", THEMES)
def test_state_colours_on_chrome_reach_aa(theme: str) -> None:
    colours = THEMES[theme]
    assert set(colours.on_chrome) == set(State)
    for colour in colours.on_chrome.values():
        assert ratio(colour, colours.chrome_raised) >= 4.5


def test_loud_fills_have_their_stated_ratios() -> None:
    stated = {
        ("light", State.NEEDS): (11.0, 5.0, 4.3),
        ("light", State.FAILED): (6.6, 6.6, 5.6),
        ("dark", State.NEEDS): (11.0, 9.7, 11.1),
        ("dark", State.FAILED): (5.2, 6.7, 7.7),
    }
    for (theme, state), ratios in stated.items():
        colours = THEMES[theme]
        loud = colours.loud[state]
        found = (ratio(loud.text, loud.fill), ratio(loud.edge, colours.surface), ratio(loud.edge, colours.canvas))
        assert found == pytest.approx(ratios, abs=0.06), (theme, state)


def test_only_needs_you_and_failed_are_loud() -> None:
    for colours in THEMES.values():
        assert set(colours.loud) == {State.NEEDS, State.FAILED}


def test_plates_have_their_stated_ratios() -> None:
    stated = {
        Group.SLATE: (8.8, 8.1),
        Group.SEA: (7.8, 7.9),
        Group.MOSS: (7.8, 7.9),
        Group.CLAY: (7.3, 8.4),
        Group.PLUM: (8.1, 8.6),
        Group.STEEL: (7.9, 7.9),
    }
    for group, ratios in stated.items():
        pairs: list[Pair] = [colours.plates[group] for colours in (LIGHT, DARK)]
        assert [ratio(pair.fg, pair.bg) for pair in pairs] == pytest.approx(ratios, abs=0.06), group


def test_waterfall_phases_stand_out_from_the_surface_and_from_each_other() -> None:
    stated = {
        Phase.START: (6.6, 8.4),
        Phase.CONNECT: (3.6, 5.0),
        Phase.LOAD: (8.1, 9.5),
        Phase.SIGN_ON: (5.0, 4.7),
        Phase.SETTLE: (7.0, 9.4),
        Phase.GAP: (4.7, 5.0),
        Phase.YOU: (7.4, 10.6),
    }
    for phase, ratios in stated.items():
        found = [ratio(colours.phases[phase], colours.surface) for colours in (LIGHT, DARK)]
        assert found == pytest.approx(ratios, abs=0.06), phase
    solid = [Phase.START, Phase.CONNECT, Phase.LOAD, Phase.SIGN_ON, Phase.SETTLE]
    for colours, least in ((LIGHT, 1.39), (DARK, 1.69)):
        for one, other in itertools.pairwise(solid):
            assert ratio(colours.phases[one], colours.phases[other]) >= least - 0.01
    assert ratio(LIGHT.phases[Phase.YOU], LIGHT.you_soft) == pytest.approx(6.7, abs=0.06)
    assert ratio(DARK.phases[Phase.YOU], DARK.you_soft) == pytest.approx(9.2, abs=0.06)


def test_nothing_is_smaller_than_fourteen_pixels() -> None:
    roles = [role for role in vars(Type).values() if isinstance(role, Role)]
    assert len(roles) == 14
    assert min(role.size for role in roles) == 14
    assert all(role.line > role.size for role in roles)
    assert tuple(sorted(STEPS)) == STEPS


def test_mixing_and_fading_leave_the_tokens_alone() -> None:
    before = LIGHT.action.name()
    assert faded(LIGHT.action, 0.5).alphaF() == pytest.approx(0.5, abs=0.01)
    assert mixed(LIGHT.action, LIGHT.action_hover, 0.0) == LIGHT.action
    assert mixed(LIGHT.action, LIGHT.action_hover, 1.0) == LIGHT.action_hover
    assert LIGHT.action.name() == before
