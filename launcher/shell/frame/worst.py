"""The single worst thing, for the left of the status strip: needs you, failed, offline, slow, or all well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from launcher.session.snapshot import ServiceView, Snapshot
from launcher.shell.hub.words import notice_text
from launcher.shell.look import State, word

if TYPE_CHECKING:
    from launcher.session.hub.views import HubNoticeView


@dataclass(frozen=True, slots=True)
class Worst:
    """What the strip says; ``system`` is where its key leads, empty when it leads nowhere."""

    state: State
    text: str
    detail: str = ""
    system: str = ""


def worst_of(snapshot: Snapshot, shown_loudly: frozenset[State] = frozenset()) -> Worst:
    """Return the worst thing of ``snapshot`` that the page does not itself show loudly already."""
    for state in (State.NEEDS, State.FAILED):
        if state not in shown_loudly and (found := _of_launches(snapshot, state)):
            return found
    for state, health in ((State.OFFLINE, "offline"), (State.DEGRADED, "degraded")):
        if state not in shown_loudly and (found := _of_health(snapshot, state, health)):
            return found
    if told := of_notices(snapshot.hub_notices, tuple(system.id for system in snapshot.systems)):
        return told
    if any(launch.state in shown_loudly for launch in snapshot.launches):
        # The page says what is wrong; "all well" beneath it would be untrue.
        ready = sum(launch.state == "ready" for launch in snapshot.launches)
        return (
            Worst(State.READY, word("strip.ready", count=ready)) if ready else Worst(State.UNKNOWN, word("strip.none"))
        )
    return Worst(State.READY, word("strip.all_well"))


def of_notices(notices: tuple[HubNoticeView, ...], systems: tuple[str, ...] | None = None) -> Worst | None:
    """Return the newest notice of the force's for the whole terminal or one of ``systems``; None: whichever."""
    for notice in notices:
        if systems is None or not notice.systems or not set(systems).isdisjoint(notice.systems):
            return Worst(State.DEGRADED, notice_text(notice))
    return None


def worst_service(services: tuple[ServiceView, ...], notices: tuple[HubNoticeView, ...] = ()) -> Worst | None:
    """Return the worst of the services, before anyone is logged on; None when nothing is known of any."""
    if told := of_notices(notices):
        return told
    if not services:
        # "All well" would rest on nothing.
        return None
    for state, health in ((State.OFFLINE, "offline"), (State.DEGRADED, "degraded")):
        for service in services:
            if service.health == health:
                return Worst(state, word(f"strip.{state.value}", name=service_name(service)))
    return Worst(State.READY, word("strip.all_well"))


def service_name(service: ServiceView) -> str:
    """Return what a service is called on the screen."""
    return word(f"service.{service.what}", label=service.label)


def _of_launches(snapshot: Snapshot, state: State) -> Worst | None:
    found = [launch for launch in snapshot.launches if launch.state == state.value]
    if not found:
        return None
    first = found[0]
    entry = snapshot.system(first.system)
    name = entry.name if entry is not None else first.system
    if len(found) > 1:
        return Worst(state, word(f"strip.many_{state.value}", count=len(found)), system=first.system)
    if state is State.NEEDS and first.needs:
        return Worst(state, word("strip.needs", name=name), word(f"strip.why.{first.needs}"), first.system)
    return Worst(state, word(f"strip.{state.value}", name=name), system=first.system)


def _of_health(snapshot: Snapshot, state: State, health: str) -> Worst | None:
    for service in snapshot.services:
        if service.health == health:
            return Worst(state, word(f"strip.{state.value}", name=service_name(service)))
    ill = [system for system in snapshot.systems if system.health == health]
    if not ill:
        return None
    if len(ill) > 1:
        return Worst(state, word(f"strip.many_{state.value}", count=len(ill)))
    return Worst(state, word(f"strip.{state.value}", name=ill[0].name))
