"""The table of a session's states in ``resources/help/session-states.md``: made from ``step``, not written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from launcher.session import states as s
from launcher.session.state import step

BEGIN: Final = "<!-- generated: change launcher/session/state.py instead -->"
END: Final = "<!-- end of the generated part -->"

_NAME, _OTHER = "alice", "bob"

STATES: Final[Mapping[str, s.State]] = {
    "out of sight": s.Spare(),
    "covers a session that does not answer": s.Covering(),
    "log-on screen": s.SigningIn(),
    "log-on screen, something typed": s.SigningIn(typed=True),
    "log-on screen, waits for the answer": s.SigningIn(_NAME, True, True),
    "log-on screen, answered": s.SigningIn(_NAME, True),
    "log-on screen, the force account's page": s.SigningIn(s.ON_PAGE, True, True),
    "log-on screen, the force account's page has answered": s.SigningIn(s.ON_PAGE, True),
    "over a locked session": s.SigningIn(over=True),
    "over a locked session, something typed": s.SigningIn(typed=True, over=True),
    "over a locked session, waits for the answer": s.SigningIn(_NAME, True, True, over=True),
    "over a locked session, answered": s.SigningIn(_NAME, True, over=True),
    "over a locked session, the force account's page": s.SigningIn(s.ON_PAGE, True, True, over=True),
    "over a locked session, the force account's page has answered": s.SigningIn(s.ON_PAGE, True, over=True),
    "proved over a locked session, asks the station": s.ProofWaits("", _NAME),
    "proved, asked whether to take over": s.MayTakeOver("", _NAME),
    "proved, hands over to their locked session": s.HandsProof("", _NAME),
    "logged on": s.SignedIn(""),
    "locked, three tries for the PIN": s.Locked("", 3),
    "locked, two tries for the PIN": s.Locked("", 2),
    "locked, one try for the PIN": s.Locked("", 1),
    "locked, no PIN": s.Locked("", 0),
    "locked, a full log-on is asked for": s.Locked("", 0, wants_proof=True),
    "locked, a full log-on is asked for, the PIN opens it still": s.Locked("", 3, wants_proof=True),
    "locked, behind another screen": s.Locked("", 3, wants_proof=True, behind=True),
    "locked, behind another screen, no PIN": s.Locked("", 0, wants_proof=True, behind=True),
}
"""Each state that is told apart in the table."""

EVENTS: Final[Mapping[str, s.Event]] = {
    "the station shows it": s.ShowAsked(),
    "the station shows it over a locked session": s.ShowAsked(over=True),
    "the locked session has ended": s.LockedEnded(),
    "the station covers a session with it": s.CoverAsked(),
    "the covered session answers again": s.Uncovered(sign_in=False),
    "the covered session has ended": s.Uncovered(sign_in=True),
    "the station says: enter": s.EnterSaid(),
    "the station says: kept for its officer yet": s.NotYoursSaid(kept=True),
    "the station says: another officer's": s.NotYoursSaid(kept=False),
    "the station says: your own": s.HandProofSaid(),
    "another screen is in front": s.StoodBack(),
    "the screen in front goes": s.StoodForward(),
    "its officer is proved elsewhere": s.Resumed(),
    "something is typed": s.NameLeft(_NAME, left=False, empty=False),
    "all is emptied": s.NameLeft("", left=False, empty=True),
    "another name is left in the field": s.NameLeft(_OTHER, left=True, empty=False),
    "name and password are sent": s.Submitted(_NAME),
    "another name and password are sent": s.Submitted(_OTHER),
    "the force account's page is asked for": s.PageAsked(),
    "cancelled": s.Cancelled(),
    "“take over” is pressed": s.TakeOverChosen(),
    "“back” is pressed": s.LockedLeft(),
    "“use your PIN” is pressed": s.FaceWanted(),
    "“wait” or “end” is pressed": s.CoverChosen(),
    "locked, with a PIN set": s.LockAsked(3),
    "locked, without a PIN": s.LockAsked(0),
    "the PIN is typed": s.PinRight(),
    "a wrong PIN is typed": s.PinWrong(),
    "a full log-on is asked for": s.ProofWanted(),
    "logged off": s.LogOffConfirmed(),
    "the answer is no": s.Answered(),
    "the answer is yes": s.Proved(""),
    "the launchpad is there": s.LaunchpadMade(""),
    "left alone": s.IdlePassed(),
    "the time for the PIN is over": s.GraceOver(),
}
"""Each event that makes a difference; the end by the station is said of all states at once."""

_DONE: Final[Mapping[s.Effect, str]] = {
    "show": "it is shown",
    "show-anew": "its counts are renewed",
    "show-plain": "it says that the session before has ended",
    "prove": "the proof begins",
    "enter": "the launchpad is made",
    "ask-station": "the station is asked what becomes of it",
    "ask-taking-over": "the station is asked to end the locked session",
    "ask-officer": "they are asked whether to take over",
    "say-kept": "they are told how long it is kept",
    "drop-proof": "the proof is let go",
    "hand-proof": "the proof is handed to that session, past the station",
    "take-over": "it says what a log-on ends, and asks for a name",
    "leave": "it asks for its officer again",
    "want-face": "the station puts the lock face in front",
    "cover": "the cover is shown",
    "answer-cover": "the station is told",
    "hide": "it is hidden",
    "lock": "all is hidden, silent and stopped",
    "say-wrong": "it says how many tries are left",
    "want-proof": "the station shows the log-on screen over it",
    "stand-back": "its own window is hidden",
    "stand-forward": "its own window is shown again",
    "resume": "the work is shown again",
    "replace-name": "a fresh screen takes the name",
    "replace-page": "a fresh screen shows the page",
    "replace-cancelled": "a fresh screen takes its place",
    "replace-typed": "a fresh screen takes its place",
}


def states_table() -> str:
    """Return a table of all that changes something: the state, what happens, what it is then, what is done."""
    rows = ["| it is | what happens | it is then | what is done |", "|---|---|---|---|"]
    for name, state in STATES.items():
        for happening, event in EVENTS.items():
            after, effects = step(state, event)
            if after != state or effects:
                done = "; ".join(_DONE[effect] for effect in effects)
                rows.append(f"| {name} | {happening} | {_words(after)} | {done} |")
    return "\n".join(rows)


def page_with_table(page: str) -> str:
    """Return the help page with its generated part renewed."""
    before, rest = page.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{states_table()}\n\n{END}{after}"


def write_page(file: Path) -> None:
    """Renew the generated part of the help page, after a state or an event was changed."""
    file.write_text(page_with_table(file.read_text(encoding="utf-8")), encoding="utf-8")


def _words(state: s.State) -> str:
    match state:
        case s.Ending():
            return "ends"
        case s.SigningIn(served, _, busy, over) if served:
            # What was submitted stands nowhere in the words, and whether the fields hold anything only before it.
            state = s.SigningIn(served if served == s.ON_PAGE else _NAME, True, busy, over)
        case s.ProofWaits(number):
            state = s.ProofWaits(number, _NAME)
        case s.Locked(number, tries, True, behind) if tries:
            state = s.Locked(number, 3, wants_proof=True, behind=behind)
        case s.Locked(number, tries, _, True):
            state = s.Locked(number, 3 if tries else 0, wants_proof=True, behind=True)
        case _:
            pass
    return next(name for name, known in STATES.items() if known == state)
