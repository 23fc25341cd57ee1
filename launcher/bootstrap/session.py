"""``session``: one officer's process, its screen on the main thread and everything else on the engine's.

What stands at the top of this module is loaded before the first screen is painted; the engine's half is in
:mod:`launcher.bootstrap.engine`.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.bootstrap.where import Where
from launcher.policy.first_facts import FirstFacts, first_facts
from launcher.session.first import first_snapshot
from launcher.session.first_words import FirstWords
from launcher.shell.surfaces.environment import UNWANTED, browser_environment
from launcher.station.environment import LINK, SEARCH
from launcher.wire.hands import HANDS

if TYPE_CHECKING:
    from launcher.shell.application import Player


def prepare_environment(*, proxied: bool = False) -> None:
    """Set what the browser engine reads of the environment; before Qt is loaded. ``proxied``: policy names a proxy."""
    for name in UNWANTED:
        os.environ.pop(name, None)
    os.environ.update(browser_environment(root=os.geteuid() == 0, gpu=_has_gpu(), proxied=proxied))


def look_up_realm(config: Path | None) -> None:
    """Let the Kerberos library read the station's own krb5.conf, if it has one; before any thread is begun.

    It takes it from the environment alone. It is the same for every officer; whose tickets are used never is there.
    """
    if config is not None:
        os.environ["KRB5_CONFIG"] = str(config)


def take_first_road(facts: FirstFacts) -> None:
    """Have a road out before the browser's first profile, where a proxy is named; the engine builds what serves it."""
    if facts.proxied:
        from launcher.relay.road import Road, take_road  # late: most stations have no proxy

        take_road(Road())


def run_session(
    where: Where, residue_check: bool, player: Callable[[], Player] | None = None, *, first: bool = False
) -> int:
    """Run one officer's session on the link the station handed over; ``player`` makes who plays the officer, if any.

    ``first``: the station is still being loaded and will ask for this screen.
    """
    gc.disable()  # a start makes much and drops little; the bridge collects from when the engine runs
    facts = first_facts(where.station)
    prepare_environment(proxied=facts.proxied)
    words = FirstWords(int(os.environ.pop(LINK)))
    if SEARCH in os.environ:
        os.set_inheritable(int(os.environ[SEARCH]), False)
    hands = os.environ.pop(HANDS, "")

    from launcher.shell.application import Shell  # late: Qt reads the environment when it is loaded

    look_up_realm(facts.kerberos_config)
    shell = Shell(facts, first_snapshot(facts))
    take_first_road(facts)
    playing = player() if player is not None else None
    if hands:
        from launcher.shell.hands import Hands

        playing = Hands(Path(hands))

    async def engine() -> None:
        from launcher.bootstrap.engine import serve  # late: loaded behind the first screen, on the engine's thread

        await serve(shell, where, facts, words, residue_check)

    return shell.run(engine, playing, words, first=first)


def _has_gpu() -> bool:
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return any(Path("/dev/dri").glob("renderD*"))
