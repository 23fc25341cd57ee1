"""What all journeys of the demo share: steps in words, played until one is not as it should be."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from launcher.demo.players import ActFailedError
from launcher.errors import LauncherError


@dataclass(frozen=True, slots=True)
class Step:
    """One step, in words; ``why`` is said where it was not as it should be."""

    step: str
    ok: bool
    ms: float
    why: str = ""

    def as_data(self) -> dict[str, object]:
        """Return it in the agreed form."""
        return {"step": self.step, "ok": self.ok, "ms": self.ms} | ({"why": self.why} if self.why else {})


Act = tuple[str, Callable[[], Awaitable[None]]]


async def play_steps(acts: Sequence[Act], played: list[Step], say: Callable[[str], None]) -> None:
    """Play all steps into ``played``; the first one that is not as it should be is the last."""
    for words, act in acts:
        began = time.perf_counter()
        why = ""
        try:
            await act()
        except LauncherError as fault:
            why = f"{fault.message} {fault.detail}".strip()
        except TimeoutError:
            why = "It took too long."
        except asyncio.CancelledError:  # a journey that is cut off has not been as it should be
            played.append(Step(words, False, _ms_since(began), "The journey's time was over."))
            raise
        played.append(Step(words, not why, _ms_since(began), why))
        say(f"{len(played):>2}  {words}" + (f": NOT OK, {why}" if why else ""))
        if why:
            break


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


def steps_table(steps: Sequence[Step]) -> list[str]:
    """Return the lines for a terminal: each step, whether it was so and how long it took, and why it was not."""
    width = max((len(one.step) for one in steps), default=0)
    lines = [f"{one.step:{width}}  {'ok' if one.ok else 'NOT OK':6}  {one.ms / 1000:6.2f} s" for one in steps]
    return lines + [f"  {one.step}: {one.why}" for one in steps if one.why]


def must(true: bool, else_say: str, seen: Mapping[str, object]) -> None:
    """Raise :class:`ActFailedError` with what was seen where it is not so."""
    if not true:
        raise ActFailedError(else_say, detail=json.dumps(seen))


def must_all_be_ready(seen: Mapping[str, object], systems: Sequence[str]) -> None:
    """Raise :class:`ActFailedError` unless exactly these systems are open, and ready."""
    must_be_ready(seen, systems)
    must(_states(seen).keys() == set(systems), "systems are open that were not asked for", seen)


def must_be_ready(seen: Mapping[str, object], systems: Sequence[str]) -> None:
    """Raise :class:`ActFailedError` unless these systems are ready, whatever the others are."""
    states = _states(seen)
    not_ready = [f"{one} ({states.get(one, 'not opened')})" for one in systems if states.get(one) != "ready"]
    must(not not_ready, f"not ready: {', '.join(not_ready)}", seen)


def _states(seen: Mapping[str, object]) -> dict[str, object]:
    launches = seen["launches"]
    return {one: state["state"] for one, state in launches.items()} if isinstance(launches, dict) else {}


def as_list(value: object) -> list[object]:
    """Return a list as it is, and anything else as an empty one."""
    return value if isinstance(value, list) else []
