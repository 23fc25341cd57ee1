"""How an officer proves who they are to the hub, what they may do there, and what was done to their sessions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from launcher.wire.hub.kinds import At, Base64, Id, Number, OfficerKey, Reason, Role, Text, Token, Word
from launcher.wire.hub.sittings import Person, Vouched
from launcher.wire.records import Record


class OpenIdProof(Record):
    """An access or ID token of the force's provider, for the hub; checked in full."""

    method: Literal["openid"] = "openid"
    token: Token


class KerberosProof(Record):
    """A SPNEGO token (RFC 4178) for the hub's own service, in base64."""

    method: Literal["kerberos"] = "kerberos"
    token: Annotated[str, Field(min_length=1, max_length=96_000)]


class VouchedProof(Record):
    """What the enrolled station says for the officer it has seen proved; the nonce is from ``POST /officers/nonce``."""

    method: Literal["vouched"] = "vouched"
    vouched: Vouched


class OfficerProof(Record):
    """POST /officers/session. ``sitting``: where the officer sits, if at a station."""

    proof: Annotated[OpenIdProof | KerberosProof | VouchedProof, Field(discriminator="method")]
    sitting: Id | None = None


class Nonce(Record):
    """POST /officers/nonce: for one vouch."""

    nonce: Base64
    hub: Id
    until: At


class HeldRole(Record):
    """A role and where it is from; ``until``: a granted one ends by itself."""

    role: Role
    by: Literal["group", "granted", "everybody"]
    granted_by: Word = ""
    until: At | None = None


class OfficerSession(Record):
    """The answer to a proof: a token for ``expires_s`` seconds and what its officer may do."""

    token: Token
    expires_s: float
    person: Person
    roles: tuple[HeldRole, ...]
    supervisor: bool = False
    proved_by: Literal["openid", "kerberos", "vouched"]
    now: At


class Deed(Record):
    """What somebody did to a session of this officer."""

    id: Number
    at: At
    kind: Word
    by_name: Word
    reason: Text
    terminal: Word
    system: Word = ""
    outcome: Word = ""


class Me(Record):
    """GET /officers/me: the roles now, and who did what to my sessions in the last days, the newest first."""

    person: Person
    roles: tuple[HeldRole, ...]
    supervisor: bool
    deeds: tuple[Deed, ...]


class NamedOfficer(Record):
    """GET /officers/named: whom a number is of, for a supervisor who gives them a role."""

    officer: OfficerKey
    number: Word
    name: Word


class GrantRole(Record):
    """POST /officers/grants: a supervisor grants a role for some hours; not to themselves."""

    officer: OfficerKey
    role: Role
    hours: Annotated[float, Field(gt=0, le=24)]
    reason: Reason
    key: Id


class GrantedRole(Record):
    """A role that was granted; ``ended``: it was taken back, or its time is over."""

    id: Number
    officer: OfficerKey
    name: Word
    role: Role
    granted_by: Word
    at: At
    until: At
    reason: Text
    ended: bool


class SecondVouch(Record):
    """What a station signs (purpose ``second``) when a supervisor has proved themselves there for ``request``.

    ``command``: the ``ask-supervisor`` that the hub has sent. ``person``: who they are; None only where nobody
    approved. ``until`` is at most two minutes ahead.
    """

    station: Id
    hub: Id
    request: Id
    command: Number
    person: Person | None
    proved_by: Word
    approve: bool
    at: At
    until: At


class SecondVouched(Record):
    """POST /stations/second: a :class:`SecondVouch` and its signature."""

    second: SecondVouch
    signature: Base64
