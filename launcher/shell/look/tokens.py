"""The design tokens: colours of both themes, spacing, radii and type roles.

Values only; :class:`launcher.shell.look.look.Look` scales them. State hues are never used for decoration, and
``action`` and ``accent`` are never a state except *Opening*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from PySide6.QtGui import QColor

Theme = Literal["light", "dark"]


class State(StrEnum):
    """What a system is doing, as an officer sees it. A system that is not open has no state."""

    READY = "ready"
    OPENING = "opening"
    SIGNING = "signing"
    NEEDS = "needs"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LOCKED = "locked"
    OFFLINE = "offline"
    DEGRADED = "degraded"


class Group(StrEnum):
    """The hue of a system's plate; it follows the system's group in the catalogue."""

    SLATE = "slate"
    SEA = "sea"
    MOSS = "moss"
    CLAY = "clay"
    PLUM = "plum"
    STEEL = "steel"


class Phase(StrEnum):
    """The parts of a waterfall bar, in drawing order."""

    START = "start"
    CONNECT = "connect"
    LOAD = "load"
    SIGN_ON = "sign_on"
    SETTLE = "settle"
    GAP = "gap"
    YOU = "you"


@dataclass(frozen=True)
class Pair:
    """A foreground and the background it was measured against."""

    fg: QColor
    bg: QColor


@dataclass(frozen=True)
class Loud:
    """A filled state: only *Needs you* and *Failed* are loud."""

    fill: QColor
    text: QColor
    edge: QColor


@dataclass(frozen=True)
class Colours:
    """Every colour of one theme; names are those of the token table."""

    chrome: QColor
    chrome_raised: QColor
    chrome_line: QColor
    chrome_edge: QColor
    chrome_text: QColor
    chrome_text2: QColor
    canvas: QColor
    surface: QColor
    sunken: QColor
    hover: QColor
    line: QColor
    edge: QColor
    text: QColor
    text2: QColor
    disabled: QColor
    disabled_bg: QColor
    accent: QColor
    accent_soft: QColor
    match: QColor
    action: QColor
    action_hover: QColor
    action_press: QColor
    on_action: QColor
    ring: QColor
    chrome_ring: QColor
    states: Mapping[State, Pair]
    """Foreground on ``surface``, and the soft background of the state."""
    on_chrome: Mapping[State, QColor]
    """Foreground of the state on ``chrome`` and ``chrome_raised``."""
    loud: Mapping[State, Loud]
    plates: Mapping[Group, Pair]
    phases: Mapping[Phase, QColor]
    you_soft: QColor
    """Behind the hatch of human time."""


def faded(colour: QColor, share: float) -> QColor:
    """Return a copy of ``colour`` with ``share`` (0 to 1) of its opacity."""
    copy = QColor(colour)
    copy.setAlphaF(copy.alphaF() * share)
    return copy


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return the colour ``share`` (0 to 1) of the way from ``one`` to ``other``."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        one.redF() * rest + other.redF() * share,
        one.greenF() * rest + other.greenF() * share,
        one.blueF() * rest + other.blueF() * share,
        one.alphaF() * rest + other.alphaF() * share,
    )


def _pair(fg: str, bg: str) -> Pair:
    return Pair(QColor(fg), QColor(bg))


def _loud(fill: str, text: str, edge: str) -> Loud:
    return Loud(QColor(fill), QColor(text), QColor(edge))


# The chrome is dark in both themes, so its state colours are the same in both.
_ON_CHROME = MappingProxyType(
    {
        State.READY: QColor("#7BD6A0"),
        State.OPENING: QColor("#86BDFF"),
        State.SIGNING: QColor("#C6AEF5"),
        State.NEEDS: QColor("#FFC53D"),
        State.FAILED: QColor("#FF8A80"),
        State.DEGRADED: QColor("#FFB27A"),
        State.OFFLINE: QColor("#FFB27A"),
        State.UNKNOWN: QColor("#BCC8D3"),
        State.LOCKED: QColor("#F4F7FA"),
    }
)

LIGHT = Colours(
    chrome=QColor("#14202C"),
    chrome_raised=QColor("#20303F"),
    chrome_line=QColor("#31424F"),
    chrome_edge=QColor("#7D90A1"),
    chrome_text=QColor("#F4F7FA"),
    chrome_text2=QColor("#BCC8D3"),
    canvas=QColor("#E9EDF1"),
    surface=QColor("#FFFFFF"),
    sunken=QColor("#F3F5F8"),
    hover=QColor("#F0F5FA"),
    line=QColor("#CED6DE"),
    edge=QColor("#667684"),
    text=QColor("#101C27"),
    text2=QColor("#42515F"),
    disabled=QColor("#6B7986"),
    disabled_bg=QColor("#DDE3E9"),
    accent=QColor("#0B4E9B"),
    accent_soft=QColor("#E1EDFA"),
    match=QColor("#C6DEF8"),
    action=QColor("#0B4E9B"),
    action_hover=QColor("#083E7C"),
    action_press=QColor("#062F5F"),
    on_action=QColor("#FFFFFF"),
    ring=QColor("#101C27"),
    chrome_ring=QColor("#FFFFFF"),
    states=MappingProxyType(
        {
            State.READY: _pair("#17663A", "#E2F2E8"),
            State.OPENING: _pair("#0B4E9B", "#E1EDFA"),
            State.SIGNING: _pair("#5F3A9C", "#EEE7F8"),
            State.NEEDS: _pair("#6E4400", "#FFF2CF"),
            State.FAILED: _pair("#A31C18", "#FDE9E7"),
            State.UNKNOWN: _pair("#4C5A67", "#E8ECF0"),
            State.LOCKED: _pair("#22303D", "#E2E7EC"),
            State.OFFLINE: _pair("#4C5A67", "#E8ECF0"),
            State.DEGRADED: _pair("#8A4300", "#FCEBDD"),
        }
    ),
    on_chrome=_ON_CHROME,
    loud=MappingProxyType(
        {
            State.NEEDS: _loud("#FFC53D", "#241800", "#9A6400"),
            State.FAILED: _loud("#B3221D", "#FFFFFF", "#B3221D"),
        }
    ),
    plates=MappingProxyType(
        {
            Group.SLATE: _pair("#2B3C4C", "#DDE4EB"),
            Group.SEA: _pair("#124A50", "#D5E8EA"),
            Group.MOSS: _pair("#38491F", "#E0E8D6"),
            Group.CLAY: _pair("#6A3B1E", "#F0E2D8"),
            Group.PLUM: _pair("#5A2F5C", "#EADFEA"),
            Group.STEEL: _pair("#1D426E", "#D8E3F1"),
        }
    ),
    phases=MappingProxyType(
        {
            Phase.START: QColor("#4C5F72"),
            Phase.CONNECT: QColor("#3A8FC4"),
            Phase.LOAD: QColor("#0B4E9B"),
            Phase.SIGN_ON: QColor("#8258C6"),
            Phase.SETTLE: QColor("#17663A"),
            Phase.GAP: QColor("#667684"),
            Phase.YOU: QColor("#7A4B00"),
        }
    ),
    you_soft=QColor("#FFF2CF"),
)

DARK = Colours(
    chrome=QColor("#0A1017"),
    chrome_raised=QColor("#18232E"),
    chrome_line=QColor("#263441"),
    chrome_edge=QColor("#738799"),
    chrome_text=QColor("#EEF3F7"),
    chrome_text2=QColor("#AFBCC8"),
    canvas=QColor("#121A22"),
    surface=QColor("#1B2630"),
    sunken=QColor("#16202A"),
    hover=QColor("#22303C"),
    line=QColor("#30404E"),
    edge=QColor("#8496A6"),
    text=QColor("#E9EFF4"),
    text2=QColor("#B6C2CD"),
    disabled=QColor("#8494A2"),
    disabled_bg=QColor("#26323D"),
    accent=QColor("#86BDFF"),
    accent_soft=QColor("#1D3550"),
    match=QColor("#294C73"),
    action=QColor("#2C6FCA"),
    action_hover=QColor("#2466BE"),
    action_press=QColor("#1B529C"),
    on_action=QColor("#FFFFFF"),
    ring=QColor("#FFFFFF"),
    chrome_ring=QColor("#FFFFFF"),
    states=MappingProxyType(
        {
            State.READY: _pair("#7BD6A0", "#173527"),
            State.OPENING: _pair("#86BDFF", "#1D3550"),
            State.SIGNING: _pair("#C6AEF5", "#2F2747"),
            State.NEEDS: _pair("#FFD064", "#3A2E10"),
            State.FAILED: _pair("#FFA59D", "#431E1D"),
            State.UNKNOWN: _pair("#B6C2CD", "#2A3743"),
            State.LOCKED: _pair("#D7DFE6", "#2D3A46"),
            State.OFFLINE: _pair("#B6C2CD", "#2A3743"),
            State.DEGRADED: _pair("#FFB27A", "#40260F"),
        }
    ),
    on_chrome=_ON_CHROME,
    loud=MappingProxyType(
        {
            State.NEEDS: _loud("#FFC53D", "#241800", "#FFC53D"),
            State.FAILED: _loud("#C63A33", "#FFFFFF", "#FF8A80"),
        }
    ),
    plates=MappingProxyType(
        {
            Group.SLATE: _pair("#DCE5ED", "#324250"),
            Group.SEA: _pair("#BFE5E8", "#1C4448"),
            Group.MOSS: _pair("#D6E4C3", "#36432A"),
            Group.CLAY: _pair("#F1D8C8", "#4B3529"),
            Group.PLUM: _pair("#ECD5EE", "#46304A"),
            Group.STEEL: _pair("#CDE1FA", "#26405F"),
        }
    ),
    phases=MappingProxyType(
        {
            Phase.START: QColor("#B3C2CF"),
            Phase.CONNECT: QColor("#4A9CC4"),
            Phase.LOAD: QColor("#A5CFFF"),
            Phase.SIGN_ON: QColor("#9D7CE2"),
            Phase.SETTLE: QColor("#8ADCAC"),
            Phase.GAP: QColor("#8496A6"),
            Phase.YOU: QColor("#FFD064"),
        }
    ),
    you_soft=QColor("#3A2E10"),
)


def colours_of(theme: Theme) -> Colours:
    """Return the colours of ``theme``."""
    return DARK if theme == "dark" else LIGHT


@dataclass(frozen=True, slots=True)
class Role:
    """A type role: pixels at 100 %, weight and fixed line height."""

    size: int
    weight: int
    line: int
    mono: bool = False
    tabular: bool = False
    growth: float = 1.0
    """How much of the text scale it follows: 1 all of it."""


class Type:
    """The type roles. Nothing is smaller than 14."""

    # Large already: at 200 % it would push the fields out of sight, so it follows half of the scale.
    DISPLAY = Role(34, 700, 42, growth=0.5)
    TITLE = Role(26, 700, 34)
    SECTION = Role(20, 600, 26)
    TILE = Role(18, 600, 23)
    BUTTON = Role(18, 600, 24)
    LEAD = Role(18, 400, 27)
    BODY = Role(16, 400, 24)
    STRONG = Role(16, 600, 24)
    STATE = Role(16, 600, 20)
    META = Role(15, 500, 20, tabular=True)
    KEY = Role(14, 600, 18)
    MONO = Role(16, 400, 22, mono=True)
    REF = Role(20, 600, 26, mono=True)
    CLOCK = Role(88, 600, 92, growth=0.35)


class Radius:
    """Corner radii in pixels at 100 %; they grow with spacing."""

    BAR = 3
    BADGE = 6
    SEGMENT = 8
    CONTROL = 10
    CARD = 14
    SIGN_IN_CARD = 16


STEPS = (4, 6, 8, 12, 16, 20, 24, 28, 44)
"""The spacing steps in pixels at 100 %."""

HOVER_MS = 90
FADE_MS = 140
PANEL_MS = 180
FOLD_MS = 220
