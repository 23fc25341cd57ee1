"""What a session is built of; made in bootstrap, and by tests with parts of their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from launcher.catalogue.catalogue import Catalogue
from launcher.catalogue.entry import Entry
from launcher.connectors.plan import LaunchPlan
from launcher.display.ports import LockKey, NoLockKey
from launcher.grants.credential import Credential
from launcher.grants.store import CredentialStore
from launcher.grants.tickets import Tickets
from launcher.hub_client.officer import OfficerRoad
from launcher.hub_client.proved import Proof, Refused
from launcher.identity.federated import FederatedMethod
from launcher.identity.officer import OfficerId
from launcher.identity.proof import PasswordMethod
from launcher.policy.settings import Settings
from launcher.session.end import end_descendants
from launcher.session.favourites import Favourites
from launcher.session.ports import NothingOutside, Outside, Screen, Station, Surfaces
from launcher.session.snapshot import WeekView
from launcher.sign_on.trace import Trace
from launcher.timings.boot_clock import boot_time_s


def _no_trace(_: str) -> Trace | None:
    return None


def _no_tickets(_: Credential | None) -> Tickets | None:
    return None


async def nothing_to_wait_for(_: OfficerId) -> None:
    """What is kept of an officer is there already."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What things usually take here, in ms; 0 where it is not known yet."""

    sign_in: Callable[[], float]
    systems: Callable[[], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Parts:
    """All of them. ``catalogue``, ``store`` and ``week`` may read files and are called in a worker thread.

    ``forces`` are the sign-ins of other forces' officers, by the names of their methods.

    ``outside`` is made with the session's programs, ``lock_key`` with where its presses go. ``boot_clock_s`` counts a
    suspend too. ``kept`` waits until what is kept of the officer who is proved can be read.

    ``tickets`` makes the officer's Kerberos tickets of the name and password just proved; None where there is no realm.

    ``officer_road`` makes the officer's road to the hub, for a proof that it asks for; called in a worker thread.

    ``trace`` gives the list in which the steps of a system's sign-on are noted, for a trial. ``end_below`` ends every
    process below this one within so many seconds; where a session is not alone in its process, it spares the others.
    """

    settings: Settings
    methods: Mapping[str, PasswordMethod]
    federation: FederatedMethod | None
    catalogue: Callable[[], Catalogue]
    plan: Callable[[Entry], LaunchPlan]
    address: Callable[[Entry], str]
    store: Callable[[], CredentialStore]
    favourites: Favourites
    usual: Usual
    surfaces: Surfaces
    screen: Screen
    station: Station
    forces: Mapping[str, FederatedMethod] = field(default_factory=dict)
    week: Callable[[], WeekView] = WeekView
    tickets: Callable[[Credential | None], Tickets | None] = _no_tickets
    outside: Outside = field(default_factory=NothingOutside)
    lock_key: LockKey = field(default_factory=NoLockKey)
    boot_clock_s: Callable[[], float] = boot_time_s
    kept: Callable[[OfficerId], Awaitable[None]] = nothing_to_wait_for
    residue_check: bool = False
    trace: Callable[[str], Trace | None] = _no_trace
    officer_road: Callable[[Proof, Refused], OfficerRoad] | None = None
    end_below: Callable[[float], Awaitable[tuple[str, ...]]] = end_descendants
