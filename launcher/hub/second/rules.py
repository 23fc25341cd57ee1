"""Whose agreement counts, as plain rules: each returns why not, or None."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launcher.hub.errors import HubError
from launcher.hub.officers.rules import Somebody, same_person
from launcher.hub.second.errors import RequestAlteredError, RequestOverError, SecondBarredError, SecondNotSignedError
from launcher.wire.hub.signed import signed_bytes

if TYPE_CHECKING:
    from launcher.hub.settings import RoleSettings
    from launcher.wire.hub.helpdesk import Act
    from launcher.wire.hub.officers import SecondVouch

LONGEST_S = 120.0
CLOCKS_APART_S = 30.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a decision is judged by. ``kept``: the digest when it was asked; ``now``: of what stands there now.

    ``forces``: the domains of other forces.
    """

    state: str
    expires: float
    kept: str
    now: str
    asker: Somebody
    concerned: Somebody
    concerned_rank: int
    station: str
    command: int
    asker_barred: bool = False
    asker_may: bool = True
    """Whoever asks has the role for it still."""
    forces: tuple[str, ...] = ()


def act_digest(act: Act) -> str:
    """Return the digest of exactly what is asked."""
    return hashlib.sha256(signed_bytes("second", act)).hexdigest()


def is_over(request: Waiting, at: float) -> HubError | None:
    """Say whether it can be decided no more."""
    if request.state != "waiting":
        return RequestOverError("The request was decided already.")
    if request.expires <= at:
        return RequestOverError("The request's time is over.")
    if request.kept != request.now:
        return RequestAlteredError("The request was changed after it was made.")
    return None


def analyst_may(request: Waiting, digest: str, second: Somebody, at: float) -> HubError | None:
    """Judge another analyst's answer to what they have read (``digest``)."""
    over = is_over(request, at)
    if over is not None:
        return over
    if digest != request.kept:
        return RequestAlteredError("What you have read is not what is asked.")
    return _not_one_of_them(request, second)


def supervisor_may(request: Waiting, supervisor: Somebody, rank: int, at: float) -> HubError | None:
    """Judge a supervisor who has proved themselves at the officer's terminal."""
    over = is_over(request, at) or _not_one_of_them(request, supervisor)
    if over is not None:
        return over
    if rank <= 0:
        return SecondBarredError("This is no supervisor.")
    if rank <= request.concerned_rank:
        return SecondBarredError("A supervisor has to be senior to the officer.")
    return None


def taken_at_terminals(settings: RoleSettings) -> HubError | None:
    """Say whether a supervisor may agree at a terminal at all: who they are is its word alone."""
    if "supervisor" in settings.vouched:
        return None
    hint = "Another analyst has to agree. See [roles] vouched of the hub's file."
    return SecondBarredError("This hub takes no supervisor's agreement on a terminal's word.", hint=hint)


def is_ours(request: Waiting, said: SecondVouch, station: str, hub: str, at: float) -> HubError | None:
    """Judge what a station has signed, apart from the signature and from who agreed."""
    if said.hub != hub or said.station != station:
        return SecondNotSignedError("This was signed for another hub, or by another station.", detail="second-station")
    if request.station != station or request.command != said.command:
        return SecondNotSignedError("Nobody was asked for there.", detail="second-command")
    if not said.at - CLOCKS_APART_S <= at < said.until <= at + LONGEST_S + CLOCKS_APART_S:
        return SecondNotSignedError("What the station has signed is over, or holds too long.", detail="second-until")
    if said.until - said.at > LONGEST_S:
        return SecondNotSignedError("What the station has signed holds too long.", detail="second-until")
    return None


def _not_one_of_them(request: Waiting, second: Somebody) -> HubError | None:
    if request.asker_barred:
        return SecondBarredError("Whoever asks was suspended.")
    if not request.asker_may:
        hint = "Ask for it yourself if it is still wanted: then another analyst has to agree."
        return SecondBarredError("Whoever asks does not have the helpdesk's role any more.", hint=hint)
    if same_person(second, request.asker, request.forces):
        return SecondBarredError("Whoever asks cannot agree to it.")
    if same_person(second, request.concerned, request.forces):
        return SecondBarredError("Whoever it concerns cannot agree to it.")
    return None
