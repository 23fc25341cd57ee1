"""The panel: begins with the role, ends with it, and shows nothing while its session is locked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.acts import Acts
from launcher.session.helpdesk.board import Board, PanelDesk
from launcher.session.helpdesk.force import Force
from launcher.session.helpdesk.giving import GrantedRoles, Notices
from launcher.session.helpdesk.looking import Looking
from launcher.session.helpdesk.page import Page
from launcher.session.helpdesk.road import HelpdeskRoad
from launcher.session.helpdesk.view import HelpdeskView, PageView
from launcher.wire.hub.helpdesk import Case

LOOKS_UP: Final = "helpdesk"
"""The role that looks officers up and sets their sessions right."""
SEES_FORCE: Final = "it"
"""The role that sees what is wrong across the force, and gives notices."""


class Helpdesk:
    """What stands between the hub's word on roles and the panel; without a role there is none."""

    def __init__(self, desk: PanelDesk) -> None:
        self._desk = desk
        self._panel: _Panel | None = None
        self._road: HelpdeskRoad | None = None

    def roles(self, roles: Collection[str], supervisor: bool, road: HelpdeskRoad | None) -> None:
        """Begin the panel, change it, or end it, as the roles are now; no road: the officer is not proved any more."""
        helpdesk, it = LOOKS_UP in roles, SEES_FORCE in roles
        if road is None or not (helpdesk or it or supervisor):
            self.end()
            return
        if self._panel is not None and (road is not self._road or self._panel.looks_up != helpdesk):
            self.end()  # what was shown to the analyst is nobody else's
        if self._panel is None:
            self._road = road
            self._panel = _Panel(self._desk, road, HelpdeskView(helpdesk, supervisor, it))
        self._panel.board.hold(supervisor=supervisor, it=it)

    def serve(self, command: object) -> bool:
        """Carry out a command of the panel's; say whether it was one."""
        if not isinstance(command, c.HelpdeskCommand):
            return False
        if self._panel is not None:
            self._panel.serve(command)
        return True

    def locked(self) -> None:
        """Nobody looks at it any more: nothing is asked, and what was found is not kept for whoever unlocks."""
        if self._panel is not None:
            self._panel.serve(c.HelpdeskLook(False))
            self._panel.serve(c.HelpdeskClose())

    def end(self) -> None:
        """End the panel: the role has ended, or the session."""
        if self._panel is not None:
            self._panel.board.wipe()
        self._panel = self._road = None


class _Panel:
    """One analyst's panel, from the role to its end."""

    def __init__(self, desk: PanelDesk, road: HelpdeskRoad, view: HelpdeskView) -> None:
        self.board = Board(desk, view)
        self._looking = Looking(self.board, road, self._show)
        self._page = Page(self.board, road, self._case, self._over)
        self._acts = Acts(self.board, road, self._case, self._acted)
        self._force = Force(self.board, road)
        self._notices = Notices(self.board, road, self._force.refresh)
        self._grants = GrantedRoles(self.board, road)

    @property
    def looks_up(self) -> bool:
        """Whether somebody may be looked up in it."""
        return self.board.view.helpdesk

    def serve(self, command: c.HelpdeskCommand) -> None:
        """Carry one command out; those of a role that is not held are none."""
        if isinstance(command, c.HelpdeskClose):
            self._grants.name("")
        if isinstance(command, c.HelpdeskNamed | c.HelpdeskGrant | c.HelpdeskEndGrant):
            if self.board.view.supervisor:
                self._serve_supervisor(command)
        elif isinstance(command, c.HelpdeskLook):
            self._look(command.on)
        elif isinstance(command, c.HelpdeskNotice | c.HelpdeskWithdraw | c.HelpdeskCloseTold):
            if self.board.view.sees_force:
                self._serve_force(command)
        elif self.looks_up:
            self._serve_analyst(command)

    def _serve_supervisor(self, command: c.HelpdeskNamed | c.HelpdeskGrant | c.HelpdeskEndGrant) -> None:
        match command:
            case c.HelpdeskNamed(number=number):
                self._grants.name(number)
            case c.HelpdeskGrant():
                self._grants.grant(command)
            case c.HelpdeskEndGrant(grant=grant):
                self._grants.end(grant)

    def _serve_force(self, command: c.HelpdeskNotice | c.HelpdeskWithdraw | c.HelpdeskCloseTold) -> None:
        match command:
            case c.HelpdeskNotice():
                self._notices.give(command)
            case c.HelpdeskWithdraw(notice=notice):
                self._notices.withdraw(notice)
            case c.HelpdeskCloseTold(number=number):
                self._force.close_told(number)

    def _serve_analyst(self, command: c.HelpdeskCommand) -> None:
        match command:
            case c.HelpdeskOpenCase(reason=reason):
                self._show("")
                self._looking.open(reason)
            case c.HelpdeskFind(text=text):
                self._looking.find(text)
            case c.HelpdeskLetters(letters=letters):
                self._looking.verify(letters)
            case c.HelpdeskShow(officer=officer):
                self._show(officer)
            case c.HelpdeskAct():
                self._acts.do(command)
            case c.HelpdeskSecond():
                self._force.answer(command)
            case c.HelpdeskAskSupervisor():
                self._force.ask_supervisor(command)
            case c.HelpdeskClose():
                self._close()
            case _:
                pass

    def _look(self, on: bool) -> None:
        view = self.board.view
        self._page.look(on and view.helpdesk)
        self._force.look(on and view.sees_force)
        if on and view.supervisor:
            self._grants.read()

    def _show(self, officer: str) -> None:
        if self._looking.case is not None or not officer:
            self._page.show(officer)

    def _close(self) -> None:
        self._looking.close()
        self._page.show("")
        self.board.put(page=PageView(), acts=())

    def _over(self, fault: Exception) -> None:
        """Show nobody, and ask for a new case; what became of the acts in this one stays."""
        self._looking.over(fault)
        self._page.show("")

    def _acted(self) -> None:
        self._page.refresh()
        self._force.refresh()

    def _case(self) -> Case | None:
        return self._looking.case
