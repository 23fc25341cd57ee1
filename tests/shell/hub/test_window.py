"""A whole window: a message stands before every page until it was read, also one that came behind a lock."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from launcher.session.commands import AcknowledgeMessage, AskForHelp, ComeForward, TellHelpdesk
from launcher.session.snapshot import ErrorView
from launcher.shell.look import TellRow
from tests.shell.hub.samples import HUB, LETTERS, MESSAGE, SLOW, TOLD
from tests.shell.lock.terminal import Terminal, terminal, with_pin, working
from tests.shell.look.seeing import settle
from tests.shell.workspace.sample import launch


def test_a_message_stands_before_every_page_and_goes_back_to_where_the_officer_was() -> None:
    with terminal() as here:
        at_work = working("crime", hub=HUB)
        here.log_on(at_work)
        window = here.window
        window.show_page(window.timings)
        told = replace(at_work, messages=(MESSAGE,))
        here.draw(told)
        assert shown(here) is window.hub_pages.message
        assert len(here.told(ComeForward)) == 1
        here.draw(replace(told, locks_at=None))
        here.key(Qt.Key.Key_F1)
        assert shown(here) is window.hub_pages.message, "nothing is opened before it"
        window.show_page(window.launchpad)
        assert shown(here) is window.hub_pages.message
        window.hub_pages.message.standing.start(0)
        here.until(lambda: window.hub_pages.message.stands)
        window.hub_pages.message.read.click()
        assert here.told(AcknowledgeMessage) == [AcknowledgeMessage(3)]
        here.draw(at_work)
        assert shown(here) is window.launchpad, "where they wanted to go meanwhile"


def test_one_that_came_behind_a_lock_is_seen_after_it() -> None:
    with terminal() as here:
        at_work = working("crime", hub=HUB)
        here.log_on(at_work)
        here.draw(replace(at_work, stage="locked", lock=with_pin(), messages=(MESSAGE,)))
        assert not here.window.hub_pages.message.isVisible()
        here.draw(replace(at_work, messages=(MESSAGE,)))
        settle()
        assert shown(here) is here.window.hub_pages.message


def test_from_a_failed_tab_the_helpdesk_is_told_of_that_system() -> None:
    with terminal() as here:
        error = ErrorView("sign-on-refused", "Crime Recording did not accept the logon.", "Try again.")
        at_work = replace(working("crime", hub=HUB), launches=(launch("crime", "failed", error=error),))
        here.log_on(at_work)
        window = here.window
        window.workspace.show_system("crime")
        window.show_page(window.workspace)
        here.draw(replace(at_work, locks_at=None))
        rows = [row for row in window.workspace.findChildren(TellRow) if row.isVisible()]
        assert len(rows) == 1
        rows[0].button.click()
        assert here.told(TellHelpdesk) == [TellHelpdesk("sign-on-refused", "crime")]
        here.key(Qt.Key.Key_F1)
        assert here.told(AskForHelp) == [AskForHelp()]
        here.draw(replace(at_work, letters=LETTERS, told=(TOLD,)))
        assert window.help.call.letters.isVisible()
        assert window.help.call.tell.number.text() == "T-4821"
        here.key(Qt.Key.Key_Escape)
        assert here.told(AskForHelp)[-1] == AskForHelp(on=False)


def shown(here: Terminal) -> object:
    return here.window.frame.pages.currentWidget()


def test_what_the_force_says_of_a_system_is_read_in_full_by_its_menu_or_key_until_it_is_withdrawn() -> None:
    with terminal() as here:
        told = working(hub=HUB, hub_notices=(SLOW,))
        here.log_on(told)
        window = here.window
        (tile,) = [one for one in window.launchpad.model.all_tiles() if one.id == "crime"]
        (see,) = [one for one in window.launchpad.menu_of(tile).actions() if "notice" in one.text()]
        see.trigger()
        page = window.hub_pages.notice
        assert shown(here) is page
        assert SLOW.text in page.text.text()
        settle()
        here.key(Qt.Key.Key_Escape)
        assert shown(here) is window.launchpad
        window.launchpad.acts.show_why(tile)
        assert shown(here) is page
        here.draw(replace(told, hub_notices=()))
        assert shown(here) is window.launchpad
        (tile,) = [one for one in window.launchpad.model.all_tiles() if one.id == "crime"]
        window.launchpad.acts.show_why(tile)
        assert shown(here) is window.launchpad, "nothing is said of it"
