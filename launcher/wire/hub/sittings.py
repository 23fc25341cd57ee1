"""What a station tells of the sittings at it, of what was opened there, and hears of where else its officers sit."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from launcher.wire.hub.kinds import (
    At,
    Base64,
    Group,
    Id,
    LeftSignedOn,
    Letters,
    Ms,
    Number,
    OfficerKey,
    Reference,
    SystemId,
    Text,
    Word,
)
from launcher.wire.records import LaunchRecord, NoticeRecord, Record, SignInRecord, SwitchRecord

SittingState = Literal["signed-in", "locked", "frozen", "ending"]
OpenState = Literal["queued", "opening", "signing", "needs", "ready", "failed", "unknown"]

MOST_SITTINGS: Final = 20
"""Of one station: it has six slots, unless it was installed with more, and no officer's session outside them."""
MOST_OPEN: Final = 1000
"""Systems of one sitting: a force has 750."""
MOST_WORDS: Final = 20_000
"""Of all systems of one sitting, in characters: of forty that have failed the longest; what is more is cut."""
MOST_GROUPS: Final = 2000
LONGEST_GROUPS: Final = 200_000
"""Of one person's groups, in characters: a directory's token holds a thousand groups, whose names have some 60."""
MOST_REPORTED: Final = 6000
"""Systems that are open at one station: 750 in each of its six slots are 4,500."""
LONGEST_REPORT: Final = 1_600_000
"""Of all names, words and groups of a report, in characters: twice those of 4,500 systems and six officers."""


class OpenSystem(Record):
    """One system that an officer has open; ``words``: the system's own, where it failed or asks for something."""

    system: SystemId
    name: Word
    state: OpenState
    since: At
    took_ms: Ms | None = None
    reference: Reference | None = None
    words: Text = ""


def _few_words(systems: tuple[OpenSystem, ...]) -> tuple[OpenSystem, ...]:
    """Cut, and not refused: a report is not refused for what systems say."""
    if sum(len(one.words) for one in systems) <= MOST_WORDS:
        return systems
    room, kept = MOST_WORDS, []
    for one in systems:
        kept.append(one.model_copy(update={"words": one.words[:room]}))
        room -= len(kept[-1].words)
    return tuple(kept)


def first_groups(groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return as many of somebody's groups as are told of one person."""
    room = LONGEST_GROUPS
    for many, one in enumerate(groups):
        room -= len(one)
        if many == MOST_GROUPS or room < 0:
            return groups[:many]
    return groups


def _no_more_groups(groups: tuple[str, ...]) -> tuple[str, ...]:
    """Refused, and not cut: one that is not known may be what hides somebody."""
    if len(first_groups(groups)) < len(groups):
        raise ValueError("the groups are too many")
    return groups


class Person(Record):
    """Somebody as a station has proved them. ``groups``: lower case, as the directory or provider gave them."""

    officer: OfficerKey
    number: Word
    name: Word
    user_name: Word = ""
    groups: Annotated[tuple[Group, ...], Field(max_length=MOST_GROUPS), AfterValidator(_no_more_groups)] = ()


class Sitting(Record):
    """One officer at one station. ``sitting`` is made by the station and never used again.

    ``unsaved``, ``running``: counts of edited pages and programs; which they are is the officer's business.
    """

    sitting: Id
    person: Person
    since: At
    state: SittingState
    state_since: At
    systems: Annotated[tuple[OpenSystem, ...], Field(max_length=MOST_OPEN), AfterValidator(_few_words)] = ()
    unsaved: Annotated[int, Field(ge=0, le=10_000)] = 0
    running: Annotated[int, Field(ge=0, le=10_000)] = 0
    proved_by: Literal["directory", "federated", "local", "offline", "unknown"] = "unknown"


def _length(sitting: Sitting) -> int:
    person = sitting.person
    who = len(person.officer) + len(person.number) + len(person.name) + len(person.user_name)
    opened = sum(len(one.system) + len(one.name) + len(one.reference or "") + len(one.words) for one in sitting.systems)
    return who + sum(map(len, person.groups)) + opened


class ShownLetters(Record):
    """Six letters that stand on a screen of the station; ``sitting``: whose, None: nobody is logged on there."""

    letters: Letters
    sitting: Id | None
    until: At


class Report(Record):
    """PUT /stations/report: the whole picture of a station. ``number`` grows with each; an older one is dropped.

    No more than 6,000 systems are open in it, and its names, words and groups have 1,600,000 characters at most.
    ``boot``: the run of the station it belongs to. ``at``: on the station's clock, as all times in it.
    """

    boot: Id
    number: Number
    at: At
    sittings: Annotated[tuple[Sitting, ...], Field(max_length=MOST_SITTINGS)]
    letters: Annotated[tuple[ShownLetters, ...], Field(max_length=20)] = ()

    @model_validator(mode="after")
    def _is_of_one_station(self) -> Self:
        if sum(len(one.systems) for one in self.sittings) > MOST_REPORTED:
            raise ValueError("more systems are open than at one station")
        if sum(map(_length, self.sittings)) > LONGEST_REPORT:
            raise ValueError("the report is longer than one station's")
        return self


class Ended(Record):
    """A sitting that has ended: why, what of it was not confirmed as signed off, and what was open."""

    kind: Literal["ended"] = "ended"
    at: At
    reason: Word
    left_signed_on: LeftSignedOn = ()
    systems: Annotated[tuple[SystemId, ...], Field(max_length=MOST_OPEN)] = ()


class Began(Record):
    """A sitting has begun: also of one that was over before the hub could be reached again."""

    kind: Literal["began"] = "began"
    at: At
    person: Person
    proved_by: Word = "unknown"


What = SignInRecord | LaunchRecord | SwitchRecord | NoticeRecord | Began | Ended


class Happened(Record):
    """One thing that happened at a station. ``seq`` counts without gaps: what was received already is dropped.

    ``words``: the failing system's own.
    """

    seq: Annotated[int, Field(ge=1, le=2**53)]
    sitting: Id | None = None
    officer: OfficerKey | None = None
    words: Text = ""
    what: Annotated[What, Field(discriminator="kind")]


class Happenings(Record):
    """POST /stations/happenings: in order; the answer is :class:`Received`.

    ``at``: now, on the station's clock, as all times in it: the hub keeps them on its own.
    """

    at: At | None = None
    happened: Annotated[tuple[Happened, ...], Field(max_length=500)]


class Received(Record):
    """Up to which ``seq`` all is stored: what is not may be sent again, any number of times."""

    up_to: Number


class Elsewhere(Record):
    """Another terminal at which an officer of this station is still logged on."""

    sitting: Id
    officer: OfficerKey
    terminal: Word
    place: Word
    since: At
    state: SittingState
    systems: int
    unsaved: int
    reachable: bool


class AllElsewhere(Record):
    """GET /stations/elsewhere: for all officers who are logged on at the asking station."""

    version: Number
    sittings: tuple[Elsewhere, ...]


class Vouch(Record):
    """What a station signs (purpose ``vouch``) for an officer whom it has seen proved.

    ``nonce`` was given by the hub and is used once; ``until`` is at most two minutes ahead.
    """

    station: Id
    hub: Id
    sitting: Id
    person: Person
    proved_by: Word
    nonce: Base64
    at: At
    until: At


class Vouched(Record):
    """A :class:`Vouch` and its signature."""

    vouch: Vouch
    signature: Base64


class BringHere(Record):
    """POST /stations/bring: end ``from_sitting`` and say what was open there, for the same officer's ``to_sitting``."""

    from_sitting: Id
    to_sitting: Id
    key: Id


class Told(Record):
    """POST /stations/told: "Tell the helpdesk": a reference and the timeline, no content of any page or screen."""

    key: Id
    at: At
    reference: Reference
    system: SystemId | None = None
    sitting: Id | None = None
    timeline: Annotated[tuple[LaunchRecord | SignInRecord, ...], Field(max_length=20)] = ()


class ToldNumber(Record):
    """The number to quote."""

    number: Word


class NoticeLine(Record):
    """A notice to sign-in screens and tiles; no system: for the whole terminal.

    ``places``, ``by_name``: where it shows (none: everywhere) and who gave it, for the helpdesk; stations hear neither.
    """

    id: Number
    text: Text
    systems: Annotated[tuple[SystemId, ...], Field(max_length=100)] = ()
    places: Annotated[tuple[Word, ...], Field(max_length=100)] = ()
    by_name: Word = ""
    since: At
    until: At | None = None


class AllNotices(Record):
    """GET /stations/notices: those that hold at this station's place now, the newest first."""

    version: Number
    notices: tuple[NoticeLine, ...]


class Barred(Record):
    """GET /stations/barred: digests of suspended officers (``officer_digest``) and of their names to log on with.

    ``forces``: the domains that keep names and numbers apart from ours (``[forces] domains`` of the hub's file).
    """

    version: Number
    officers: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...]
    names: tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...] = ()
    forces: tuple[Annotated[str, Field(min_length=1, max_length=255)], ...] = ()
    at: At
