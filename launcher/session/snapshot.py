"""The one thing the screens draw: a frozen picture of a session. It holds no secret and can be logged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from launcher.connectors.password_rules import PasswordRules
    from launcher.session.helpdesk.view import HelpdeskView
    from launcher.session.hub import views as v

Stage = Literal["spare", "signing-in", "signed-in", "locked", "ending"]
LaunchState = Literal["queued", "opening", "signing", "needs", "ready", "failed", "unknown"]
_FirstNeeds = Literal["", "credential", "finish", "notice", "change-password", "already-signed-on", "provider"]
_LineNeeds = Literal["logged-off", "line-closed", "closed-at-change"]
Needs = _FirstNeeds | _LineNeeds | Literal["signed-off", "new-password", "password-unknown", "certificate", "card-pin"]
"""What an officer must do: give their own name and password, finish by hand (the page is shown), acknowledge …

``new-password``: a host wants one, which can be given here or by hand; ``password-unknown``: it has not said whether it
has taken it.
``certificate``: the password that opens the file of their certificate; ``card-pin``: the PIN of their card.
``signed-off``: the system has signed them off, and signing on again would lose what they typed, or be in vain.
``logged-off``: a terminal shows its logon screen again; ``line-closed``: its host has ended the line at a log-off;
``closed-at-change``: it has ended it where the officer gave a new password by hand.
"""
_Facts = Literal["ready", "not-answered", "password-warning", "not-kept", "left-out", "reopened", "signed-off"]
NoticeKind = _Facts | Literal["not-reopened", "pin-set", "pin-removed", "left-signed-on", "deed"]
Health = Literal["ready", "degraded", "offline", "unknown"]
Form = Literal["password", "provider", "change"]


@dataclass(frozen=True, slots=True)
class ErrorView:
    """An error as a person meets it; ``reference`` is its help page's name."""

    reference: str
    what: str
    next_step: str
    retryable: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StationView:
    """This computer."""

    terminal: str
    place: str
    helpdesk: str
    force: str = ""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What a log-on needs and how it is; ``since`` in seconds of the wall clock, 0 where no change was seen."""

    what: Literal["directory", "federated"]
    label: str = ""  # the force's own word for it
    health: Health = "unknown"
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class MethodView:
    """A sign-in method: ``form`` says which card it shows."""

    name: str  # directory | local | federated | force:…
    label: str
    form: Literal["password", "provider"]
    domains: tuple[str, ...] = ()  # of another force: what its officers' names end in
    listed: bool = True  # else it is known by the name alone


@dataclass(frozen=True, slots=True)
class SignInView:
    """The sign-in card. ``surface`` names the provider's page while it is shown; ``name`` is prefilled once."""

    methods: tuple[MethodView, ...]
    form: Form = "password"
    name: str = ""
    focus: Literal["name", "secret"] = "name"
    busy: bool = False
    usual_ms: float = 0.0  # 0: not known yet
    systems_usual_ms: float = 0.0
    error: ErrorView | None = None
    surface: str = ""
    provider: str = ""  # whose page is shown
    attempt: int = 0  # grows with each answer, so that the screen clears the password once


@dataclass(frozen=True, slots=True)
class OfficerView:
    """Who is logged on here."""

    number: str
    name: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class SystemView:
    """One system as the launchpad lists it; ``host`` is its address for a person."""

    id: str
    name: str
    group: str
    kind: str  # web | program | terminal
    hue: str  # slate sea moss clay plum steel
    icon: str = ""
    aliases: tuple[str, ...] = ()
    host: str = ""
    places: tuple[str, ...] = ()  # of the web: how its own addresses begin
    on_demand: bool = False
    usual_ms: float = 0.0
    health: Health = "ready"


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A span of a launch in ms from its start; ``duration_ms`` is None while it runs."""

    phase: str
    start_ms: float
    duration_ms: float | None
    human: bool = False


@dataclass(frozen=True, slots=True)
class LeftView:
    """Where a terminal may have left its officer signed on, before it was called again."""

    host: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class LaunchView:
    """One opening. ``started`` is on the clock of time.monotonic(); ``took_ms`` once it ended."""

    system: str
    state: LaunchState
    started: float
    took_ms: float | None = None
    needs: Needs = ""
    says: str = ""  # the system's own words, or what was last seen, beside what it needs or why it failed
    error: ErrorView | None = None
    phases: tuple[PhaseView, ...] = ()
    signed_on_as: str = ""
    surface: str = ""  # the page's or terminal's name among the surfaces; empty for a program
    output: tuple[str, ...] = ()  # a program's last lines
    running: bool = False  # a program's process lives
    unsent: bool = False  # a 3270 screen holds what was typed and not sent
    signing_off: bool = False  # it waits until the host has signed off who was here before, which may be skipped
    left: LeftView | None = None
    rules: PasswordRules | None = None  # of the new password that it needs, where there are any
    code_at: float = 0.0  # it waits for a one-time code, which there is then; time.monotonic()
    coded: bool = False  # beside a name and password it takes what one-time codes are made from


@dataclass(frozen=True, slots=True)
class RoundView:
    """One press of "Open my systems"."""

    systems: tuple[str, ...]
    started: float
    took_ms: float | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of what a system took in the last days, over all who opened it here; 0 ms where none succeeded.

    ``system`` is a system's id, ``sign-in`` or ``switch``; ``part`` is ``total``, ``machine`` (total without the
    officers' own time) or a group of phases (``launcher.timings.phases.GROUPS``).
    """

    system: str
    part: str
    n: int
    p50_ms: float
    p95_ms: float
    failures: int
    asked: int = 0


@dataclass(frozen=True, slots=True)
class WeekView:
    """The last seven days on this computer: sums of many, nobody's own. ``newest``: there were more than these many."""

    parts: tuple[PartView, ...] = ()
    newest: int = 0
    error: ErrorView | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """Good news or a fact for the strip; ``system`` leads to its tab. The words are ``notice.<what>`` in strings."""

    id: int
    what: NoticeKind
    system: str = ""
    took_ms: float = 0.0
    text: str = ""  # a detail that is not ours to word, e.g. the directory's warning


@dataclass(frozen=True, slots=True)
class LeavingView:
    """What logging off would end; shown for confirmation when any of it is not empty."""

    running: tuple[str, ...]
    edited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LockView:
    """The lock face of the officer's own session. It never says what the systems hold.

    ``since`` is of the wall clock. ``pin_until`` is on the boot clock: until then, and while
    ``tries_left`` is above 0, the PIN opens it. ``unsaved`` and ``running`` are named for the officer who has just
    locked; after the grace they are not said any more. ``ends_at``, on that clock too: the lock ends by itself then.
    """

    since: float
    why: Literal["idle", "asked"]
    pin: bool = False
    pin_until: float = 0.0
    tries_left: int = 0
    unsaved: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    error: ErrorView | None = None
    busy: bool = False
    behind: bool = False  # another process's screen is in front: no window at all
    attempt: int = 0  # grows with each answer
    ends_at: float | None = None


@dataclass(frozen=True, slots=True)
class OverView:
    """A sign-in screen that stands over a locked session; counts only.

    ``grace_until`` is on the boot clock: before it nobody else can take the terminal over. ``ends_at``,
    on that clock too: the locked session ends by itself then.
    ``taking_over``: whoever sits there says they are not its officer. ``proved`` is another officer who was just proved
    and is asked whether to take over; ``another_way``: that one has the same number and was proved by another method.
    ``face``: until ``grace_until`` the lock face can come back, which the PIN opens.
    ``pin_spent``: wrong PINs have closed it.
    """

    number: str
    name: str
    since: float
    grace_until: float
    systems: int
    unsaved: int
    running: int
    ends_within_s: float
    logs_on_as: str = ""  # what its officer types to log on
    taking_over: bool = False
    proved: OfficerView | None = None
    another_way: bool = False
    face: bool = False
    pin_spent: bool = False
    ends_at: float | None = None


@dataclass(frozen=True, slots=True)
class CoverView:
    """The cover of a session that does not answer; ``silent_since`` is on the boot clock."""

    number: str
    name: str
    silent_since: float
    systems: int
    ends_within_s: float
    waiting: bool = False  # somebody has chosen to wait


@dataclass(frozen=True, slots=True)
class EndSoonView:
    """An end that is not the officer's doing, at ``at`` on the boot clock, and what it would lose."""

    why: Literal["sitting-limit", "reset", "station-stopping"]
    at: float
    running: tuple[str, ...]
    edited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of it. ``tabs`` are system ids in the order they were opened."""

    stage: Stage
    station: StationView
    sign_in: SignInView
    services: tuple[ServiceView, ...] = ()
    officer: OfficerView | None = None
    systems: tuple[SystemView, ...] = ()
    favourites: frozenset[str] = frozenset()
    my_systems: tuple[str, ...] = ()  # what "Open my systems" opens
    will_ask: frozenset[str] = frozenset()  # those of them that will ask for a name and password
    launches: tuple[LaunchView, ...] = ()
    tabs: tuple[str, ...] = ()
    round: RoundView | None = None
    week: WeekView | None = None  # None until it was asked for and read
    notices: tuple[NoticeView, ...] = ()
    leaving: LeavingView | None = None
    lock: LockView | None = None  # stage "locked"
    over: OverView | None = None  # stages "signing-in" and "spare"
    cover: CoverView | None = None  # stage "spare"
    locks_at: float | None = None  # boot clock: locks by itself then, unless somebody touches a key
    unsent: tuple[str, ...] = ()  # while ``locks_at`` is set: the systems whose page holds something not sent
    ends: EndSoonView | None = None
    pin_set: bool = False
    pin_attempt: int = 0  # grows with each answer to SetPin
    pin_digits: int = 0  # 0: this station has no PINs
    pin_error: ErrorView | None = None  # why the last SetPin was refused
    lock_after_s: float = 0.0  # locks by itself after so long without a touch; 0: it does not
    tells_touches: bool = False  # the station cannot see input here: the screen says Touched
    catalogue_faults: int = 0
    error: ErrorView | None = None
    hub: v.HubView | None = None  # None: this station is none of a hub's, as far as is known
    hub_notices: tuple[v.HubNoticeView, ...] = ()
    letters: v.LettersView | None = None  # while somebody asks for help
    elsewhere: tuple[v.ElsewhereView, ...] = ()
    bring: v.BringView | None = None
    messages: tuple[v.MessageView, ...] = ()  # not read yet, the oldest first
    deeds: tuple[v.DeedView, ...] = ()
    told: tuple[v.ToldView, ...] = ()
    second: v.SecondView | None = None  # stage "signing-in": this screen is a supervisor's
    helpdesk: HelpdeskView | None = field(default=None, repr=False)  # only of an officer with such a role

    def launch(self, system: str) -> LaunchView | None:
        """Return the system's current launch, if it was opened."""
        return next((launch for launch in self.launches if launch.system == system), None)

    def system(self, system: str) -> SystemView | None:
        """Return the system's entry, if the officer may see it."""
        return next((entry for entry in self.systems if entry.id == system), None)
