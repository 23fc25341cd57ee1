"""The words of a notice: good news or a fact, never an error; and what is to be done where something is."""

from __future__ import annotations

from launcher.session.snapshot import NoticeView, Snapshot
from launcher.shell.hub.words import deed_words
from launcher.shell.look import seconds, word


def notice_words(notice: NoticeView, snapshot: Snapshot) -> str:
    """Return what the strip says for ``notice``."""
    name = _name(notice.system, snapshot)
    match notice.what:
        case "ready":
            return word("notice.ready", name=name, took=seconds(notice.took_ms))
        case "not-answered":
            return word("notice.not-answered", took=seconds(notice.took_ms))
        case "password-warning":
            return notice.text or word("notice.password-warning")
        case "not-kept":
            return word("notice.not-kept", name=name)
        case "left-out":
            return word("notice.left-out", count=int(notice.text))
        case "reopened":
            return word("notice.reopened", count=int(notice.text))
        case "not-reopened":
            return word("notice.not-reopened", names=", ".join(_name(one, snapshot) for one in notice.text.split()))
        case "signed-off":
            return word("notice.signed-off", name=name)
        case "left-signed-on":
            return word("notice.left-signed-on", where=notice.text)
        case "deed":
            return next(
                (deed_words(one, snapshot) for one in snapshot.deeds if str(one.command) == notice.text), ""
            ) or (word("notice.deed"))
        case "pin-set" | "pin-removed":
            return word(f"notice.{notice.what}")


def _name(system: str, snapshot: Snapshot) -> str:
    """Return what a system is called; one that this terminal does not have is called as its catalogue does."""
    entry = snapshot.system(system)
    return entry.name if entry is not None else system


def notice_next_step(notice: NoticeView, snapshot: Snapshot) -> str:
    """Return what the officer has to do; "" where a notice only tells."""
    if notice.what != "left-signed-on":
        return ""
    if snapshot.station.helpdesk:
        return word("notice.left-signed-on-step-helpdesk", helpdesk=snapshot.station.helpdesk)
    return word("notice.left-signed-on-step")
