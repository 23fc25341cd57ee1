"""What the helpdesk asks and sees: cases, finding, an officer's page, acts with a second person, what is wrong now."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.hub.commands import CommandState
from launcher.wire.hub.kinds import At, Id, Letters, Number, OfficerKey, Reason, SystemId, Text, Word
from launcher.wire.hub.officers import Deed
from launcher.wire.hub.sittings import NoticeLine, Sitting
from launcher.wire.records import LaunchRecord, Record, SignInRecord

ActKind = Literal[
    "log-off", "lock", "close-system", "open-system", "forget-credential", "revoke", "message", "suspend", "unsuspend"
]


class OpenCase(Record):
    """POST /helpdesk/cases: why somebody is looked up. Everything that is looked at and done belongs to a case."""

    reason: Reason
    key: Id


class Case(Record):
    """A case of one analyst. ``verified``: the officer whose letters were read out, until ``verified_until``."""

    case: Id
    reason: Text
    opened: At
    verified: OfficerKey | None = None
    verified_until: At | None = None


class FoundOfficer(Record):
    """Somebody who was found; where they are stands on their page."""

    officer: OfficerKey
    number: Word
    name: Word
    logged_on: bool


class RefusedLogOn(Record):
    """A log-on that a terminal refused: nobody was proved, and what was typed as a name is told to nobody.

    ``words``: the failing service's own.
    """

    at: At
    reference: Word
    words: Text = ""


class FoundTerminal(Record):
    """A terminal that was found; ``officers``: who sits there; ``refused``: its last of the last hour, newest first."""

    station: Id
    terminal: Word
    place: Word
    reachable: bool
    officers: tuple[FoundOfficer, ...]
    refused: tuple[RefusedLogOn, ...] = ()


class Found(Record):
    """GET /helpdesk/find?case=&q=: at most 20 of each. ``more``: there are others, write on."""

    officers: tuple[FoundOfficer, ...]
    terminals: tuple[FoundTerminal, ...]
    more: bool = False


class VerifyCaller(Record):
    """POST /helpdesk/cases/{case}/letters: the six letters that the caller reads from their screen."""

    letters: Letters


class ByLetters(Record):
    """Whose screen shows the letters: an officer, who is verified in this case now, or a screen with nobody."""

    case: Case
    terminal: FoundTerminal
    officer: OfficerKey | None


class Waterfall(Record):
    """A sign-in or opening of the last days, with the failing system's own words."""

    terminal: Word
    record: Annotated[SignInRecord | LaunchRecord, Field(discriminator="kind")]
    name: Word = ""
    words: Text = ""


class SittingView(Record):
    """One of an officer's sittings. ``reachable``: its station is connected, or has polled in time."""

    station: Id
    terminal: Word
    place: Word
    reachable: bool
    last_heard: At
    sitting: Sitting
    hidden_systems: bool = False


class OfficerPage(Record):
    """GET /helpdesk/officers?case=&officer=: where they are logged on, what is open, what happened, what was done.

    ``deeds``: by commands to terminals; ``suspensions``: begun or lifted where no terminal was told. The newest first.
    """

    officer: OfficerKey
    number: Word
    name: Word
    suspended: bool
    sittings: tuple[SittingView, ...]
    left_signed_on: tuple[Text, ...] = ()
    recent: tuple[Waterfall, ...]
    deeds: tuple[CommandState, ...]
    suspensions: tuple[Deed, ...] = ()
    acts: tuple[AllowedAct, ...]


class AllowedAct(Record):
    """What this analyst may do here. ``needs_verified``, ``needs_second``: before it is carried out."""

    kind: ActKind
    needs_verified: bool
    needs_second: bool


class Act(Record):
    """POST /helpdesk/acts. ``key``: made by whoever asks; the same key again is the same act, never a second one.

    ``sitting``: which; None: all of the officer's (``suspend``, ``unsuspend``, ``revoke``).
    """

    key: Id
    case: Id
    kind: ActKind
    officer: OfficerKey
    sitting: Id | None = None
    system: SystemId | None = None
    text: Text = ""
    reason: Reason


class UnreachableTerminal(Record):
    """A terminal that could not be told; ``offline_until``: what it may still let an officer do ends then."""

    terminal: Word
    place: Word
    last_heard: At


class AwayTerminals(Record):
    """GET /helpdesk/away: terminals that cannot be reached now, by place; ``n``: how many there are in all."""

    terminals: Annotated[tuple[UnreachableTerminal, ...], Field(max_length=1000)]
    n: Number


class Acted(Record):
    """The answer to an act, and GET /helpdesk/acts/{key}?wait_s=&seen=: its commands, or the second person awaited.

    ``version`` counts its changes: with ``seen`` the hub answers as soon as there is another one. ``others_away``, of a
    suspension: so many more terminals are away that know nothing of it, and at which the officer has not sat lately.
    """

    key: Id
    version: Number = 0
    state: Literal["waits-for-second", "refused", "expired", "sent", "answered"]
    request: Id | None = None
    commands: tuple[CommandState, ...] = ()
    unreachable: tuple[UnreachableTerminal, ...] = ()
    others_away: Number = 0
    words: Text = ""


class SecondRequest(Record):
    """GET /helpdesk/requests: acts that wait for a second person. ``digest``: of exactly what is asked."""

    request: Id
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    kind: ActKind
    officer: OfficerKey
    name: Word
    terminal: Word
    system: Word = ""
    text: Text = ""
    reason: Text
    by_name: Word
    made: At
    expires: At
    state: Literal["waiting", "approved", "refused", "expired"]
    second_name: Word = ""


class Second(Record):
    """POST /helpdesk/requests/{request}: another analyst's answer to exactly what they have read (``digest``)."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    approve: bool
    reason: Text = ""


class AskSupervisor(Record):
    """POST /helpdesk/requests/{request}/supervisor: ask for a supervisor at the officer's terminal instead."""

    sitting: Id


class WrongNow(Record):
    """One system at one place (or everywhere: empty) that fails or is slow, over the last minutes."""

    system: Word
    name: Word
    place: Word
    kind: Literal["failing", "slow", "terminals-away"]
    n: int
    failures: int
    terminals: int
    p95_ms: float | None = None
    usual_p95_ms: float | None = None
    reference: Word = ""
    words: Text = ""
    since: At


class AllWrong(Record):
    """GET /helpdesk/wrong: the worst first. ``told``: what officers have told in that time."""

    at: At
    wrong: tuple[WrongNow, ...]
    told: tuple[ToldView, ...]
    notices: tuple[NoticeLine, ...]


class ToldView(Record):
    """What an officer has told the helpdesk."""

    number: Word
    at: At
    terminal: Word
    place: Word
    officer: OfficerKey | None
    name: Word
    reference: Word
    system: Word
    timeline: tuple[Waterfall, ...] = ()
    closed: bool = False


class GiveNotice(Record):
    """POST /helpdesk/notices. No systems: for the whole terminal; no places: everywhere; no hours: until withdrawn."""

    key: Id
    text: Annotated[str, Field(min_length=3, max_length=300)]
    systems: Annotated[tuple[SystemId, ...], Field(max_length=100)] = ()
    places: Annotated[tuple[Word, ...], Field(max_length=100)] = ()
    hours: Annotated[float, Field(gt=0, le=24 * 31)] | None = None


OfficerPage.model_rebuild()
AllWrong.model_rebuild()
