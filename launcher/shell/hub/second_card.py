"""The sign-in card as a supervisor's: who asks for what, for whom and why; approved by a proof, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from launcher.session.commands import RefuseSecond
from launcher.session.hub.views import SecondView
from launcher.shell.hub.words import clock_time, second_words, sentence
from launcher.shell.look import Button, Kind, Text, Type, text2, word

if TYPE_CHECKING:
    from launcher.shell.sign_in.screen import SignInScreen


class SecondCard(QObject):
    """What a sign-in screen says to a supervisor. A screen that has said it is nobody else's afterwards."""

    def __init__(self, screen: SignInScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.form = screen.password_form
        self.says = Text("", Type.BODY, text2, wrap=True)
        self.form.add_below(self.says, [])
        self.refuse = Button(word("second.refuse"), Kind.SECONDARY, icon="x")
        self.refuse.setObjectName("second-refuse")
        self.refuse.clicked.connect(lambda: screen.command.emit(RefuseSecond()))
        self.form.add_way(self.refuse)

    def draw(self, view: SecondView) -> None:
        """Word the card."""
        self.form.spreads = self.form.fields_aside = True
        if not self.form.tight:
            self.form.tight = True
            self.form.lay_out()
        lead = f"{second_words(view)} {word('second.reason', reason=sentence(view.reason))}"
        self.form.reword(word("second.heading"), word("second.act"), lead)
        self.says.setText(f"{word('second.says')} {word('second.until', time=clock_time(view.until))}")
        if self.refuse.isHidden():
            self.refuse.setVisible(True)
            self.form.arrange()
