"""What makes the whole strip loud: this terminal locks soon, or this session ends by itself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from launcher.session.snapshot import Snapshot
from launcher.shell.lock.spans import left, span
from launcher.shell.look import (
    Radius,
    RingShape,
    State,
    Type,
    chip_width,
    current,
    draw_chip,
    draw_line,
    look,
    paint_icon,
    word,
)
from launcher.shell.look.paint import Align, filled


@dataclass(frozen=True, slots=True)
class Loud:
    """What is said, and with which key more of it is seen; ``what`` is told to a screen reader once.

    ``shorter``: what is said in the place of ``detail`` where there is no room for it, the first that fits.
    """

    what: str  # locks | ends
    text: str
    at: float  # on the boot clock
    detail: str = ""
    key: str = ""
    shorter: tuple[str, ...] = ()


def loud_of(snapshot: Snapshot, key: str) -> Loud | None:
    """Return what makes the strip of ``snapshot`` loud now; locking comes first, it is the nearer one."""
    if snapshot.locks_at is not None:
        return _locks(snapshot, snapshot.locks_at)
    if snapshot.ends is None:
        return None
    lost = dict.fromkeys((*snapshot.ends.edited, *snapshot.ends.running))
    names = [entry.name if (entry := snapshot.system(one)) else one for one in lost]
    detail = word("loud.loses", count=len(names), name=names[0]) if names else ""
    return Loud("ends", word("loud.ends", left=left(snapshot.ends.at)), snapshot.ends.at, detail, key)


def _locks(snapshot: Snapshot, at: float) -> Loud:
    text, any_key = word("loud.locks", left=left(at)), word("loud.any_key")
    if not snapshot.unsent:
        return Loud("locks", text, at, any_key)
    names = [entry.name if (entry := snapshot.system(one)) else one for one in snapshot.unsent]
    named = word("loud.unsent", names=", ".join(names))
    counted = word("loud.unsent_count", count=len(names))
    return Loud("locks", text, at, f"{any_key}; {named}", shorter=(named, f"{any_key}; {counted}", counted))


def time_to_lock(snapshot: Snapshot) -> str:
    """Return when this terminal locks if nobody touches it, "" where it does not or the strip says so loudly."""
    if not snapshot.lock_after_s or snapshot.locks_at is not None:
        return ""
    return word("loud.locks_after", span=span(snapshot.lock_after_s))


class LoudLine(QPushButton):
    """Lies over the whole strip, in amber; ``clock`` stays at its right."""

    def __init__(self, strip: QWidget) -> None:
        super().__init__(strip)
        self.loud: Loud | None = None
        self._clock = ""
        self.setAutoDefault(False)
        self.hide()
        current().changed.connect(self.update)

    def show_loud(self, loud: Loud, clock: str) -> None:
        """Say it."""
        if (loud, clock) == (self.loud, self._clock):
            return
        self.loud, self._clock = loud, clock
        self.setText(loud.text.replace("&", "&&"))
        self.setAccessibleName(f"{loud.text}, {loud.detail}" if loud.detail else loud.text)
        # Only what leads somewhere is a stop for Tab.
        self.setEnabled(bool(loud.key))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def ring_shape(self) -> RingShape:
        """The ring must stay inside the strip."""
        inset = look().space(5)
        return RingShape(self, self.rect().adjusted(inset, inset, -inset, -inset), look().space(Radius.BADGE), False)

    def shown_texts(self) -> tuple[str, ...]:
        """Return what there is room for, of text, detail and clock."""
        return tuple(text for text, _, _ in self._laid())

    def _laid(self) -> list[tuple[str, float, float]]:
        """Return each text with its left edge and width; the clock gives way first, then the detail."""
        loud = self.loud
        if loud is None:
            return []
        here = look()
        start = here.space(20) + here.grow(20) + here.space(8)
        gap = here.space(12)
        chip = gap + chip_width(loud.key) if loud.key else 0
        text = here.width(Type.STRONG, loud.text)
        clock = here.width(Type.META, self._clock)
        room = self.width() - here.space(20)
        parts = [(loud.text, float(start), float(min(text, room - start - chip)))]
        used = start + text
        for words in filter(None, (loud.detail, *loud.shorter)):
            detail = here.width(Type.BODY, words)
            if used + gap + detail + chip <= room:
                parts.append((words, float(used + gap), float(detail)))
                used += gap + detail
                break
        if self._clock and used + chip + gap + clock <= room:
            parts.append((self._clock, float(room - clock), float(clock)))
        return parts

    def paintEvent(self, event: QPaintEvent) -> None:
        loud = self.loud
        if loud is None:
            return
        here = look()
        pair = here.colours.loud[State.NEEDS]
        painter = QPainter(self)
        filled(painter, self.rect(), pair.fill)
        px = here.grow(20)
        icon = "lock-simple" if loud.what == "locks" else "clock-countdown"
        paint_icon(painter, QRectF(here.space(20), round((self.height() - px) / 2), px, px), icon, pair.text, "bold")
        end = 0.0
        for text, at, width in self._laid():
            is_clock = text == self._clock
            role = Type.META if is_clock else Type.STRONG if text == loud.text else Type.BODY
            align = Align.AlignRight if is_clock else Align.AlignLeft
            draw_line(painter, QRectF(at, 0, width + 1, self.height()), text, role, pair.text, align)
            end = end if is_clock else at + width
        if loud.key:
            draw_chip(painter, end + here.space(12), self.height() / 2, loud.key, pair.text)
