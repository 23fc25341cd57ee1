"""The panel's middle: one officer, what is open where, and everything that can be done to it."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from launcher.session.helpdesk.view import HelpdeskView
from launcher.shell.helpdesk.act_buttons import act_buttons
from launcher.shell.helpdesk.act_card import ActCard
from launcher.shell.helpdesk.act_lines import ActLines
from launcher.shell.helpdesk.asked import Asked
from launcher.shell.helpdesk.look_up import tell
from launcher.shell.helpdesk.role_card import RoleCard
from launcher.shell.helpdesk.rows import Rows, stack
from launcher.shell.helpdesk.sitting_card import Sat, SittingCard
from launcher.shell.helpdesk.waterfalls import Waterfalls
from launcher.shell.helpdesk.words import deed_lines
from launcher.shell.hub.words import when
from launcher.shell.look import (
    ButtonRow,
    Card,
    ErrorPanel,
    State,
    Text,
    Type,
    announce,
    current,
    look,
    reveal,
    text2,
    word,
)
from launcher.wire.hub.helpdesk import ActKind, OfficerPage

OF_ALL: tuple[ActKind, ...] = ("suspend", "unsuspend", "revoke")


class OfficerPane(QWidget):
    """The pane. ``command`` carries what is done; ``letters_wanted``: the caller must be verified first."""

    command = Signal(object)
    letters_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: HelpdeskView | None = None
        self._officer = ""
        self._asked_from: QWidget | None = None
        self.empty = Text("", Type.SECTION, wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.empty_hint = Text("", Type.BODY, text2, wrap=True, align=Qt.AlignmentFlag.AlignHCenter)
        self.name = Text("", Type.TITLE, wrap=True)
        self.facts = Text("", Type.LEAD, text2, wrap=True)
        self.suspended = ErrorPanel(State.NEEDS)
        self.suspended.hide()  # else the first officer who is shown and suspended would be so without a word
        self.error = ErrorPanel()
        self.old = Text("", Type.BODY, text2, wrap=True)
        self.left = Text("", Type.STRONG, wrap=True)
        self.acts = act_buttons(OF_ALL, self._want_of_all)
        self._of_all = ButtonRow(*self.acts.values(), gap=8)
        self.card = ActCard()
        self.role_card = RoleCard()
        self.lines = ActLines()
        self.nowhere = Text(word("helpdesk.officer.nowhere"), Type.STRONG)
        self.sittings: Rows[Sat, SittingCard] = Rows(self._made, SittingCard.show_sitting, gap=12)
        self.recent_heading = Text(word("helpdesk.officer.recent"), Type.STRONG)
        self.recent_none = Text(word("helpdesk.officer.recent_none"), Type.BODY, text2, wrap=True)
        self.recent_card = Card()
        self.recent = Waterfalls()
        self._recent_column = QVBoxLayout(self.recent_card)
        self._recent_column.addWidget(self.recent)
        self.deeds_heading = Text(word("helpdesk.officer.deeds"), Type.STRONG)
        self.deeds_none = Text(word("helpdesk.officer.deeds_none"), Type.BODY, text2, wrap=True)
        self.deeds: Rows[str, Text] = Rows(_deed, Text.setText, gap=4)
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 0, 0)
        stack(self._column, self.name, self.facts, self.suspended, self.error, self.old, self.left)
        self._column.addLayout(self._of_all)
        stack(self._column, self.card, self.lines, self.nowhere, self.sittings, self.role_card)
        stack(self._column, self.recent_heading, self.recent_none, self.recent_card)
        stack(self._column, self.deeds_heading, self.deeds_none, self.deeds)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.empty)
        outer.addWidget(self.empty_hint)
        outer.addWidget(self._page)
        outer.addStretch(1)
        self.card.command.connect(self.command)
        self.card.left.connect(self._leave_card)
        self.card.letters_wanted.connect(self.letters_wanted)
        self.role_card.command.connect(self.command)
        self.lines.command.connect(self.command)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, view: HelpdeskView) -> None:
        """Draw the page that is shown, or why there is none."""
        self._view = view
        page = view.page.page
        if view.page.officer != self._officer:
            self._officer = view.page.officer
            self.card.give_up()
            self.role_card.close()
        self._page.setVisible(page is not None)
        self._draw_empty(view)
        if page is None:
            self._forget()
            self.lines.draw(view)
            return
        self._draw_head(view, page)
        self.role_card.draw(view, page)
        self.card.show_verified(self._verified_for(self.card.asked))
        self.lines.draw(view)
        self.nowhere.setVisible(not page.sittings)
        self.sittings.show_things((one.sitting.sitting, Sat(page, one)) for one in page.sittings)
        self.recent.show_recent(page.recent)
        self.recent_card.setVisible(bool(page.recent))
        self.recent_none.setVisible(not page.recent)
        done = deed_lines(page)
        self.deeds.show_things(done)
        self.deeds_none.setVisible(not done)

    @property
    def verified(self) -> bool:
        """Whether the officer shown is the caller who was verified in this case."""
        view = self._view
        case = view.looking.case if view is not None else None
        return case is not None and bool(self._officer) and case.verified == self._officer

    def focus_first(self) -> None:
        """Put the focus on the first thing that can be done here."""
        buttons = [button for part in self.sittings.parts for button in part.buttons.values() if button.isVisible()]
        buttons += [button for button in self.acts.values() if button.isVisible()]
        if buttons:
            buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> bool:
        """Take a card away that stands there; say whether there was one."""
        if not self.card.isHidden():
            self.card.give_up()
            return True
        return self.role_card.close()

    def ask(self, asked: Asked) -> None:
        """Show the card of an act."""
        if self.card.isHidden():
            self._asked_from = QApplication.focusWidget()
        case = self._view.looking.case if self._view is not None else None
        self.card.ask(asked, case.reason if case is not None else "", self._verified_for(asked))

    # --- inside

    def _leave_card(self) -> None:
        """Give the focus back, and keep the place in sight: what becomes of the act is said where the card stood."""
        focus = QApplication.focusWidget()
        if focus is None or not self.card.isAncestorOf(focus):
            return
        before = self._asked_from
        if before is not None and shiboken6.isValid(before) and self.isAncestorOf(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_first()
        reveal(self.card)

    def _verified_for(self, asked: Asked | None) -> bool:
        """Say whether the caller was verified who may want this: of a suspension that may be somebody else."""
        case = self._view.looking.case if self._view is not None else None
        if asked is not None and asked.kind in ("suspend", "unsuspend"):
            return case is not None and case.verified is not None
        return self.verified

    def _forget(self) -> None:
        """Keep nothing of whom was shown."""
        for text in (self.name, self.facts, self.left):
            text.setText("")
        self.sittings.show_things(())
        self.recent.show_recent(())
        self.deeds.show_things(())

    def _draw_empty(self, view: HelpdeskView) -> None:
        shown, error = view.page, view.page.error
        empty = shown.page is None
        self.empty.setVisible(empty)
        self.empty_hint.setVisible(empty)
        if not empty:
            return
        if error is not None:
            self.empty.setText(error.what)
            self.empty_hint.setText(f"{error.next_step} {word('helpdesk.answer.reference', reference=error.reference)}")
        elif shown.officer:
            self.empty.setText(word("helpdesk.officer.reading"))
            self.empty_hint.setText("")
        else:
            self.empty.setText(word("helpdesk.officer.none"))
            hint = "none_case" if view.looking.case is None else "none_hint"
            self.empty_hint.setText(word(f"helpdesk.officer.{hint}"))

    def _draw_head(self, view: HelpdeskView, page: OfficerPage) -> None:
        if self.name.text() != (name := page.name or page.number):
            self.name.setText(name)
            if self.isVisible():
                announce(self, f"{name} {page.number}")
        case = view.looking.case
        until = case.verified_until if case is not None and self.verified else None
        caller = word("helpdesk.officer.not_verified")
        if until is not None:
            caller = word("helpdesk.officer.verified", time=when(until))
        self.facts.setText(f"{page.number} · {caller}")
        if page.suspended and self.suspended.isHidden():
            self.suspended.tell(word("helpdesk.officer.suspended"))
        self.suspended.setVisible(page.suspended)
        tell(self.error, view.page.error)
        self.old.setVisible(view.page.error is not None)
        self.old.setText(word("helpdesk.officer.old", time=when(view.page.at)))
        self.left.setVisible(bool(page.left_signed_on))
        self.left.setText(word("helpdesk.officer.left", where="; ".join(page.left_signed_on)))
        allowed = {one.kind for one in page.acts}
        for kind, button in self.acts.items():
            button.setVisible(kind in allowed and (kind == "unsuspend") == (kind != "revoke" and page.suspended))
            if kind == "revoke":
                button.setVisible(kind in allowed)
        self._of_all.fit(self.width())

    def _want_of_all(self, kind: ActKind) -> None:
        page = self._view.page.page if self._view is not None else None
        allowed = next((one for one in page.acts if one.kind == kind), None) if page is not None else None
        if page is not None and allowed is not None:
            self.ask(Asked(allowed, page))

    def _made(self) -> SittingCard:
        card = SittingCard()
        card.wanted.connect(self.ask)
        return card

    def resizeEvent(self, event: object) -> None:
        self._of_all.fit(self.width())

    def _look_changed(self) -> None:
        here = look()
        self._column.setSpacing(here.space(10))
        side = here.space(12)
        self._recent_column.setContentsMargins(side, side, side, side)
        self._of_all.fit(self.width())


def _deed() -> Text:
    return Text("", Type.BODY, wrap=True)
