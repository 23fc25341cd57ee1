"""What the station and a session say to each other about the hub: messages like all others (:mod:`wire.messages`).

The station holds the road to the hub as a terminal; the session has its own as an officer.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.hub.commands import Outcome
from launcher.wire.hub.sittings import Elsewhere, NoticeLine, OpenSystem, Vouched
from launcher.wire.records import LaunchRecord, Record, SignInRecord

# --- station to session


class HubState(Record):
    """Whether the station has the hub now; told to every session when it is warm, and when it changes."""

    kind: Literal["hub-state"] = "hub-state"
    enrolled: bool
    reachable: bool


class HubNotices(Record):
    """The notices that hold here now: on the sign-in screen and on tiles. Sent again when they change."""

    kind: Literal["hub-notices"] = "hub-notices"
    notices: tuple[NoticeLine, ...]


class BarredHere(Record):
    """The list of ``wire.hub.sittings.Barred``: none of those who are on it is let in."""

    kind: Literal["barred"] = "barred"
    officers: tuple[str, ...]
    names: tuple[str, ...] = ()
    forces: tuple[str, ...] = ()


class LettersHere(Record):
    """The letters to show to whoever asks for help here; ``until`` on the wall clock. Sent anew before that.

    ``letters`` empty: those shown are worthless, others come.
    """

    kind: Literal["letters"] = "letters"
    letters: str
    until: float


class VouchedHere(Record):
    """The answer to :class:`WantsVouch`; None: the station cannot vouch for anybody now."""

    kind: Literal["vouched"] = "vouched"
    nonce: str
    vouched: Vouched | None


class StillLoggedOn(Record):
    """Where else this officer is logged on; none: nowhere (any more)."""

    kind: Literal["still-logged-on"] = "still-logged-on"
    sittings: tuple[Elsewhere, ...]


class BroughtHere(Record):
    """The answer to :class:`BringHereAsked` for ``sitting``. ``systems`` are opened by a `Reopen` that follows."""

    kind: Literal["brought"] = "brought"
    sitting: str
    done: bool
    systems: tuple[str, ...] = ()
    left_signed_on: tuple[str, ...] = ()
    reference: str = ""
    words: str = ""


class DeedHere(Record):
    """What the helpdesk has just done here, or does now: the officer sees who, what and why."""

    kind: Literal["deed"] = "deed"
    command: int
    what: str
    by_name: str
    reason: str
    system: str = ""
    at: float


class MessageHere(Record):
    """A message from the helpdesk to the screen; it stays until it is acknowledged (:class:`MessageRead`)."""

    kind: Literal["helpdesk-message"] = "helpdesk-message"
    command: int
    text: str
    by_name: str
    at: float


class DoHere(Record):
    """Carry a command's part out that only the session can; the answer is :class:`DoneHere`."""

    kind: Literal["do"] = "do"
    command: int
    what: Literal["close-system", "open-system", "forget-credential", "revoke"]
    system: str = ""


class AskSecondHere(Record):
    """Said to a spare: show the card at which a supervisor proves who they are, for ``request``; None: no more."""

    kind: Literal["ask-second"] = "ask-second"
    command: int
    request: str | None
    what: str = ""
    officer_name: str = ""
    by_name: str = ""
    reason: str = ""
    until: float = 0.0


class Knock(Record):
    """Say at once how old the screen is (`Beat`): whether it answers is to be known before the next beat is due."""

    kind: Literal["knock"] = "knock"


class RolesChanged(Record):
    """The officer's roles at the hub may have changed: ask it again."""

    kind: Literal["roles-changed"] = "roles-changed"


class TakeKeys(Record):
    """What stood over your screen has gone: take the keys, where nobody has them."""

    kind: Literal["take-keys"] = "take-keys"


class ToldHere(Record):
    """The answer to :class:`TellHelpdesk`: the number to quote, or why there is none."""

    kind: Literal["told"] = "told"
    key: str
    number: str = ""
    reference: str = ""


# --- session to station


class WantsLetters(Record):
    """Somebody at this screen asks for help: show letters (:class:`LettersHere`); ``on`` False: no longer."""

    kind: Literal["wants-letters"] = "wants-letters"
    on: bool = True


class WantsVouch(Record):
    """The officer's session wants the station's word for the hub's ``nonce``."""

    kind: Literal["wants-vouch"] = "wants-vouch"
    nonce: str
    until: float


class OpenSystems(Record):
    """What is open and in which state, whole, when it has changed."""

    kind: Literal["open-systems"] = "open-systems"
    systems: Annotated[tuple[OpenSystem, ...], Field(max_length=1000)]


class FailedWords(Record):
    """A system's own words beside the record that was sent just before this; no system: of a log-on."""

    kind: Literal["failed-words"] = "failed-words"
    system: str
    words: Annotated[str, Field(max_length=500)]


class MessageRead(Record):
    """The officer has acknowledged a :class:`MessageHere`."""

    kind: Literal["message-read"] = "message-read"
    command: int


class DoneHere(Record):
    """The answer to :class:`DoHere`. ``more``: another one follows, the officer is given time first."""

    kind: Literal["done"] = "done"
    command: int
    outcome: Outcome
    reference: Annotated[str, Field(max_length=80)] = ""
    words: Annotated[str, Field(max_length=500)] = ""
    more: bool = False


class TellHelpdesk(Record):
    """The officer tells the helpdesk of an error: its reference and the timeline, no content."""

    kind: Literal["tell-helpdesk"] = "tell-helpdesk"
    key: str
    reference: str
    system: str = ""
    timeline: Annotated[tuple[LaunchRecord | SignInRecord, ...], Field(max_length=20)] = ()


class BringHereAsked(Record):
    """The officer ends their own sitting at the other terminal and wants its systems here."""

    kind: Literal["bring-here"] = "bring-here"
    sitting: str


class SecondHere(Record):
    """A supervisor was proved on a spare for ``request`` (or has refused); the process ends itself then."""

    kind: Literal["second"] = "second"
    request: str
    approve: bool
    officer: str = ""
    number: str = ""
    name: str = ""
    user_name: str = ""
    groups: tuple[str, ...] = ()
    proved_by: Literal["directory", "federated", "local", "offline", "unknown"] = "unknown"


ToSessionFromHub = (
    HubState | HubNotices | BarredHere | LettersHere | VouchedHere | StillLoggedOn | BroughtHere | DeedHere
    | MessageHere | DoHere | AskSecondHere | RolesChanged | ToldHere | Knock | TakeKeys
)  # fmt: skip
ToStationForHub = (
    WantsLetters | WantsVouch | OpenSystems | FailedWords | MessageRead | DoneHere | TellHelpdesk | BringHereAsked
    | SecondHere
)  # fmt: skip
