"""The state of a system on the screen: always an icon and a word; only *Needs you* and *Failed* are filled."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from launcher.shell.look.icons import Weight, paint_icon
from launcher.shell.look.look import current, look
from launcher.shell.look.paint import draw_line, rounded
from launcher.shell.look.pulse import pulse
from launcher.shell.look.tokens import Radius, State, Type
from launcher.shell.look.words import word


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is drawn; ``sunken``, ``dashed`` and ``bar`` speak of its tile, ``turns`` of its icon."""

    icon: str
    weight: Weight = "fill"
    loud: bool = False
    bar: bool = False
    sunken: bool = False
    dashed: bool = False
    turns: bool = False


STATES = {
    State.READY: StateLook("check-circle"),
    State.OPENING: StateLook("circle-notch", "bold", bar=True, turns=True),
    State.SIGNING: StateLook("key", bar=True),
    State.NEEDS: StateLook("hand-palm", loud=True),
    State.FAILED: StateLook("warning-octagon", loud=True),
    State.UNKNOWN: StateLook("question", "bold", sunken=True, dashed=True),
    State.LOCKED: StateLook("lock-simple", sunken=True),
    State.OFFLINE: StateLook("plugs", sunken=True),
    State.DEGRADED: StateLook("warning"),
}

LAUNCH_STATES = {
    "queued": State.OPENING,
    "opening": State.OPENING,
    "signing": State.SIGNING,
    "needs": State.NEEDS,
    "ready": State.READY,
    "failed": State.FAILED,
    "unknown": State.UNKNOWN,
}
"""As what a launch's own state is drawn."""

ICON = 20
"""The state icon's side in pixels at 100 %."""


def state_word(state: State) -> str:
    """Return the state's word, such as "Signing on"."""
    return word(f"state.{state.value}")


def state_width(state: State, said: str = "") -> int:
    """Return how wide :func:`paint_state` will paint the state, in pixels."""
    here = look()
    width = here.grow(ICON) + here.space(6) + here.width(Type.STATE, said or state_word(state))
    return width + 2 * here.space(8) if STATES[state].loud else width


def state_height() -> int:
    """Return the height of a painted state, in pixels."""
    return look().line(Type.STATE) + look().space(6)


def paint_state(
    painter: QPainter, left: float, middle: float, state: State, *, on_chrome: bool = False, said: str = ""
) -> float:
    """Paint icon and word of ``state`` with the left edge at ``left`` around ``middle``; return the right edge.

    ``said``: another word, for what is no system and has this state.
    """
    here = look()
    style = STATES[state]
    width = state_width(state, said)
    height = state_height()
    top = round(middle - height / 2)
    ink = here.colours.on_chrome[state] if on_chrome else here.colours.states[state].fg
    at = left
    if style.loud:
        loud = here.colours.loud[state]
        rounded(painter, QRectF(left, top, width, height), here.space(Radius.BADGE), loud.fill)
        ink = loud.text
        at += here.space(8)
    paint_state_icon(
        painter, QRectF(at, round(middle - here.grow(ICON) / 2), here.grow(ICON), here.grow(ICON)), state, ink
    )
    at += here.grow(ICON) + here.space(6)
    text_ink = here.colours.chrome_text if on_chrome and not style.loud else ink
    draw_line(painter, QRectF(at, top, width, height), said or state_word(state), Type.STATE, text_ink, elide=False)
    return left + width


def paint_state_icon(painter: QPainter, rect: QRectF, state: State, colour: QColor) -> None:
    """Paint the state's icon alone; the opening one turns with the shell's pulse."""
    style = STATES[state]
    paint_icon(painter, rect, style.icon, colour, style.weight, pulse().turn() if style.turns else 0.0)


class StateBadge(QLabel):
    """A state by itself, as a widget: the label's text is the state's word, for a screen reader."""

    def __init__(self, state: State, *, on_chrome: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._on_chrome = on_chrome
        self._state, self._said = state, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        current().changed.connect(self._look_changed)
        self.show_state(state)

    @property
    def state(self) -> State:
        """The state shown."""
        return self._state

    def show_state(self, state: State, said: str = "") -> None:
        """Show another state; ``said``: by another word."""
        self._state, self._said = state, said
        self.setText(said or state_word(state))
        (pulse().watch if STATES[state].turns else pulse().unwatch)(self)
        self._look_changed()

    def sizeHint(self) -> QSize:
        return QSize(state_width(self._state, self._said), state_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        middle = self.height() / 2
        paint_state(QPainter(self), 0, middle, self._state, on_chrome=self._on_chrome, said=self._said)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()
