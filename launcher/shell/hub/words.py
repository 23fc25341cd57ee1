"""The words for what comes from the hub. What others have written in it is theirs, and shown as plain text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from launcher.shell.look import has_word, word

if TYPE_CHECKING:
    from launcher.session.hub.views import DeedView, ElsewhereView, HubNoticeView, LettersView, SecondView
    from launcher.session.snapshot import Snapshot


def clock_time(at: float) -> str:
    """Return a time of the wall clock as it is read here."""
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M}"


def when(at: float, now: datetime | None = None) -> str:
    """Return a time of the wall clock: of today the minute alone, else with the day."""
    now = now or datetime.now().astimezone()
    then = datetime.fromtimestamp(at).astimezone()
    if then.date() == now.date():
        return clock_time(at)
    return word("hub.at_day", day=then.day, month=word(f"month.{then.month}"), time=clock_time(at))


def sentence(text: str) -> str:
    """Return a text of somebody's so that another sentence may follow."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) or not text else f"{text}."


def notice_text(notice: HubNoticeView) -> str:
    """Return a notice of the force's, and since when it holds."""
    return word("hub.notice", text=sentence(notice.text), time=when(notice.since))


def notices_of_systems(snapshot: Snapshot) -> dict[str, str]:
    """Return what the force says of systems, the newest of each."""
    return {system: notice_text(notice) for notice in reversed(snapshot.hub_notices) for system in notice.systems}


def spoken_letters(letters: LettersView) -> str:
    """Return the letters as a screen reader spells them."""
    return " ".join(letters.letters)


def deed_words(deed: DeedView, snapshot: Snapshot) -> str:
    """Return what was done, by whom and why; what is done soon, was not, or is not known to be; and what goes with it.

    What is to be done about it comes first: in large text the strip shows no more than a beginning.
    """
    entry = snapshot.system(deed.system)
    name = entry.name if entry is not None else deed.system
    wanted = deed.stands in ("not-done", "unknown")
    key = _deed_key(deed.what, "wanted" if wanted else deed.stands)
    loses = deed.loses and not wanted
    more_follows = wanted or (loses and deed.stands != "soon")
    reason = " ".join(deed.reason.split())
    said = word(key, by=deed.by_name, reason=sentence(reason) if more_follows else reason, name=name)
    if wanted:
        return f"{said} {word('deed.was_not_done' if deed.stands == 'not-done' else 'deed.not_known')}"
    if loses and deed.stands == "soon":
        return f"{word('deed.lost_soon', name=name)} {said}"
    return f"{said} {word('deed.lost')}" if loses else said


def _deed_key(what: str, mood: str) -> str:
    """Return the words for a kind of act; a kind that is not known here has words too."""
    there_may_be = (f"deed.{mood}.{what}", f"deed.{mood}.other", f"deed.{what}")
    return next((key for key in there_may_be if has_word(key)), "notice.deed")


def deed_line(deed: DeedView, snapshot: Snapshot) -> str:
    """Return one line of the list of what was done."""
    what = deed_words(deed, snapshot)
    if deed.terminal:
        return word("deed.line_at", time=when(deed.at), terminal=deed.terminal, what=what)
    return word("deed.line", time=when(deed.at), what=what)


def where(view: ElsewhereView) -> str:
    """Return a terminal and its place."""
    return f"{view.terminal}, {view.place}" if view.place else view.terminal


def elsewhere_words(view: ElsewhereView) -> str:
    """Return since when the officer is logged on there, and with what."""
    systems = word("elsewhere.systems", count=view.systems) if view.systems else word("elsewhere.nothing")
    unsaved = word("elsewhere.unsaved", count=view.unsaved) if view.unsaved else ""
    key = "elsewhere.locked" if view.locked else "elsewhere.since"
    return word(key, time=when(view.since), systems=systems, unsaved=unsaved)


def bring_words(view: ElsewhereView, *, short: bool = False) -> str:
    """Return what bringing it here ends."""
    if not view.reachable:
        return word("elsewhere.away", terminal=view.terminal)
    end = "_short" if short else ""
    return word(f"elsewhere.ends_unsaved{end}", count=view.unsaved) if view.unsaved else word(f"elsewhere.ends{end}")


def second_words(view: SecondView) -> str:
    """Return who asks for what, and for whom."""
    key = f"second.what.{view.what}"
    what = word(key if has_word(key) else "second.what.other")
    return word("second.lead", by=view.by_name, what=what, officer=view.officer_name)
