"""A station that is killed between any two steps of a command: never carried out twice, and always answered."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from launcher.hub.happenings.tables import happenings
from launcher.hub.service import Hub
from launcher.station.hub.ports import Happening
from launcher.wire.hub.sittings import Began
from tests.contract.hub import killed
from tests.contract.hub.terminal import Place, enrolled_place, linked, seen
from tests.contract.hub.test_link import answered, make, state
from tests.servers.hub_in_process import HubServer
from tests.unit.hub.hands import person

_ROOT = Path(__file__).parents[3]


async def _killed_at(step: str, place: Place, folder: Path) -> None:
    """Run the terminal in a process of its own until it ends itself at a step."""
    assert place.kept_key is not None
    (place.state / "key").write_text(place.kept_key.to_keep(), encoding="ascii")
    argv = [sys.executable, "-m", killed.__name__, str(place.state), place.addresses[0], str(folder / "done"), step]
    process = await asyncio.create_subprocess_exec(*argv, cwd=_ROOT)
    assert await process.wait() == -9


@pytest.mark.parametrize(
    ("step", "times", "outcome", "reference"),
    [
        ("before take", 1, "done", ""),  # nothing was noted: the next run takes it
        ("after take", 0, "failed", "command-not-begun"),
        ("before begin", 0, "failed", "command-not-begun"),  # acknowledged
        ("after begin", 0, "unknown", "command-interrupted"),
        ("after carrying out", 1, "unknown", "command-interrupted"),
        ("after answer", 1, "done", ""),
        ("after delivered", 1, "done", ""),
    ],
)
def test_a_command_is_carried_out_once_at_most(
    hub: Hub, hub_server: HubServer, tmp_path: Path, step: str, times: int, outcome: str, reference: str
) -> None:
    async def play() -> None:
        place = await enrolled_place(hub, hub_server.origin, tmp_path / "state")
        made = make(hub, place)
        await _killed_at(step, place, tmp_path)
        async with linked(place) as desk:
            began = Began(at=2.0, person=person("2"))
            desk.link.happened(Happening(began, sitting="s-now", officer=person("2").officer))  # before it is ready
            answer = await answered(hub, made)
            assert (answer.outcome, answer.reference) == (outcome, reference)
            assert state(hub, made).acknowledged_at is not None
            noted = tmp_path / "done"
            before = noted.read_text(encoding="ascii").split() if noted.exists() else []
            assert before + [str(one.id) for one in desk.commands] == [str(made.id)] * times
            await seen(lambda: len(_told(hub)) == 3)
        (_, first), *others = _told(hub)
        assert others == [("ended", first), ("began", "s-now")]  # the sitting ended with its station, and no other

    asyncio.run(play())


def _told(hub: Hub) -> list[tuple[str, str]]:
    with hub.store.reading() as connection:
        found = connection.execute(select(happenings.c.kind, happenings.c.sitting).order_by(happenings.c.seq))
        return [(kind, sitting) for kind, sitting in found]


def test_every_step_is_tried() -> None:
    tried = {row[0] for row in test_a_command_is_carried_out_once_at_most.pytestmark[0].args[1]}
    assert tried == set(killed.STEPS)
