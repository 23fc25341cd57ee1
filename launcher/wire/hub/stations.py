"""How a station becomes one of the hub's, proves that it is, and hears that there is something for it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.hub.kinds import At, Base64, Id, Number, Reason, Token, Word
from launcher.wire.records import Record


class Enrol(Record):
    """What a station signs (purpose ``enrol``) to become one of the hub's, with the key that it is to be known by.

    ``code``: an administrator has given it, for once; ``public_key``: Ed25519, raw.
    """

    code: Annotated[str, Field(min_length=16, max_length=64)]
    public_key: Base64
    terminal: Word
    place: Word
    version: Word = ""


class SignedEnrol(Record):
    """POST /stations/enrol: an :class:`Enrol` and its signature, since a public key is no secret."""

    enrol: Enrol
    signature: Base64


class Enrolled(Record):
    """What a station keeps: who it is to the hub, and the key it knows the hub's words by."""

    station: Id
    hub: Id
    hub_key: Base64
    terminal: Word
    place: Word


class Challenge(Record):
    """A nonce of the hub's, to be answered once, before ``until``."""

    nonce: Base64
    hub: Id
    until: At


class Proof(Record):
    """What a station signs (purpose ``challenge``) to prove that it holds its key.

    ``boot``: a name that this run of the station made for itself. ``link``: what the hub gave at the last proof, empty
    at the first: of two that hold the same key, one always comes with a link that is spent, and both are quarantined.
    """

    station: Id
    hub: Id
    nonce: Base64
    boot: Id
    link: Annotated[str, Field(max_length=64)] = ""


class Proved(Record):
    """POST /stations/proof, or the first words on the socket: a :class:`Proof` and its signature."""

    proof: Proof
    signature: Base64
    terminal: Word = ""
    place: Word = ""
    version: Word = ""


class Known(Record):
    """The answer to a proof: a token for ``expires_s`` seconds, the next link, and the hub's clock.

    The link is kept by the station before it uses the token.
    """

    token: Token
    expires_s: float
    link: Annotated[str, Field(min_length=1, max_length=64)]
    now: At
    news: News


class News(Record):
    """What there is for a station: said on the socket when it changes, asked for where sockets do not pass.

    ``command``: the highest command's id of this station. ``notices``, ``barred``: versions of those lists.
    ``elsewhere``: grows when something changes about where else officers at this station are logged on.
    ``roles``: grows when a role of an officer who is logged on at this station changes.
    """

    command: Number = 0
    notices: Number = 0
    barred: Number = 0
    elsewhere: Number = 0
    roles: Number = 0


class Beat(Record):
    """Said by a station each ``beat_s`` seconds, and by the hub in answer; who hears none for three of them calls anew.

    ``ready``: False where the hub's store does not answer it: no news would come on this socket.
    """

    kind: Literal["beat"] = "beat"
    ready: bool = True


class Hello(Record):
    """The hub's first words on the socket."""

    kind: Literal["hello"] = "hello"
    challenge: Challenge
    beat_s: float


class Wake(Record):
    """The hub's word on the socket that there is news."""

    kind: Literal["wake"] = "wake"
    news: News


class Welcome(Record):
    """The hub's answer on the socket to a proof."""

    kind: Literal["welcome"] = "welcome"
    known: Known


class Condition(Record):
    """GET /health and /ready: that it is so; else the answer is :class:`Refused`."""

    well: bool


class ListedStation(Record):
    """GET /administrators/stations: one of the hub's stations."""

    station: Id
    terminal: Word
    place: Word
    version: Word
    enrolled: At
    heard: At
    reachable: bool
    quarantined: At | None = None
    quarantined_why: str = ""


class MakeCode(Record):
    """POST /administrators/codes: for one station; ``terminal``, ``place``: what it is to be."""

    terminal: Word = ""
    place: Word = ""
    hours: Annotated[float, Field(gt=0, le=720)] | None = None


class BeginQuarantine(Record):
    """POST /administrators/stations/{station}/quarantined."""

    reason: Reason


class EndQuarantine(Record):
    """POST /administrators/stations/{station}/quarantine-ended."""

    reason: Reason


class RemoveStation(Record):
    """POST /administrators/stations/{station}/removed."""

    reason: Reason


class EnrolCode(Record):
    """The code, told this once, and until when it holds."""

    code: str
    until: At


class Refused(Record):
    """Any refusal of the hub's, over HTTP with a status and on the socket before it closes."""

    kind: Literal["refused"] = "refused"
    reference: str
    message: str
    hint: str = ""
    detail: str = ""
    retry_after_s: float | None = None


Known.model_rebuild()
