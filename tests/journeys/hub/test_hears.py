"""Journeys of what a terminal tells the hub, and of what its sessions hear from there."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from launcher.station.hub.ports import NoAnswer
from launcher.wire.hub.sittings import Began, NoticeLine
from launcher.wire.records import LaunchRecord, SignInRecord
from tests.journeys.hub.hub_bench import Analyst, terminal, vouched
from tests.journeys.hub.orders_bench import at_work, told
from tests.journeys.station_bench import WITHIN_S
from tests.servers.hub import HubProcess


def test_what_happens_at_a_terminal_is_reported(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            (began,) = [one for one in here.hub.happenings if isinstance(one.what, Began)]
            assert (began.sitting, began.officer) == (here.sitting.sitting, "test#4471")
            assert (here.sitting.person.groups, here.sitting.proved_by) == (("cid",), "directory")
            opened = {"system": "records", "name": "Records", "state": "failed", "since": 1.0, "words": "ORA-01017"}
            await here.hands.do("tell", message={"kind": "open-systems", "systems": [opened]})
            await here.hub.until(lambda: here.hub.pictures[-1].sittings[0].systems)
            failed = LaunchRecord(
                at=1.0, system="records", system_kind="web", sign_on="form", outcome="failed", reference="x-refused",
                prompts=0, total_ms=9.0, phases=(),
            )  # fmt: skip
            await here.hands.do("tell", message={"kind": "recorded", "record": failed.model_dump(mode="json")})
            await here.hands.do("tell", message={"kind": "failed-words", "system": "records", "words": "ORA-01017"})
            launch = await here.hub.until(
                lambda: next((one for one in here.hub.happenings if one.what == failed), None)
            )
            assert (launch.words, launch.sitting) == ("ORA-01017", here.sitting.sitting)
            # Without words of the system it is told all the same.
            again = failed.model_copy(update={"at": 2.0})
            await here.hands.do("tell", message={"kind": "recorded", "record": again.model_dump(mode="json")})
            assert (await here.hub.until(lambda: [o for o in here.hub.happenings if o.what == again]))[0].words == ""

    asyncio.run(journey())


def test_a_refused_log_on_is_reported_with_the_service_s_words_and_of_nobody(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            hands = await here.at.hands_on(here.spare)
            refused = _refused(1.0, "directory-unreachable")
            await hands.do("tell", message={"kind": "recorded", "record": refused.model_dump(mode="json")})
            await hands.do("tell", message={"kind": "failed-words", "system": "", "words": "dc1: timed out"})
            told = await here.hub.until(lambda: next((one for one in here.hub.happenings if one.what == refused), None))
            assert (told.words, told.sitting, told.officer) == ("dc1: timed out", None, None)
            # Whoever logs on there a moment later is not who was refused.
            again = refused.model_copy(update={"at": 2.0})
            await hands.do("tell", message={"kind": "recorded", "record": again.model_dump(mode="json")})
            await hands.do("sign-in", number="4472")
            told = await here.hub.until(lambda: next((one for one in here.hub.happenings if one.what == again), None))
            assert (told.words, told.sitting, told.officer) == ("", None, None)

    asyncio.run(journey())


def test_letters_verify_who_works_and_nobody_before_a_lock(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            await here.hands.do("tell", message={"kind": "wants-letters"})
            letters = (await told(here.hands, "letters"))["letters"]
            (shown,) = await here.hub.until(lambda: here.hub.pictures[-1].letters)
            assert (shown.letters, shown.sitting) == (letters, here.sitting.sitting)
            await here.hands.do("pin")
            await here.hands.do("lock")
            assert (await told(here.hands, "letters"))["letters"] == ""
            other = (await told(here.hands, "letters"))["letters"]
            assert other not in (letters, "")
            await here.hub.until(lambda: [one.sitting for one in here.hub.pictures[-1].letters] == [None])
            await here.hands.do("tell", message={"kind": "wants-letters", "on": False})
            await here.hub.until(lambda: not here.hub.pictures[-1].letters)

    asyncio.run(journey())


def test_what_the_hub_says_reaches_every_session_and_what_one_asks_is_answered(tmp_path: Path) -> None:
    async def journey() -> None:
        async with at_work(tmp_path) as here:
            assert here.hub.desk is not None
            spare = await here.at.hands_on(here.spare)
            assert (await told(spare, "hub-state"))["reachable"] is True
            here.hub.desk.state(enrolled=True, reachable=False)
            here.hub.desk.notices((NoticeLine(id=1, text="Records is slow.", since=1.0),))
            here.hub.desk.roles_changed()
            for hands in (here.hands, spare):
                assert (await told(hands, "hub-state"))["reachable"] is False
                assert len((await told(hands, "hub-notices"))["notices"]) == 1  # type: ignore[arg-type]
            assert await told(here.hands, "roles-changed") == {}
            await here.hands.do("tell", message={"kind": "wants-vouch", "nonce": "bm9uY2U=", "until": 9e9})
            vouched = await told(here.hands, "vouched")
            vouch = vouched["vouched"]["vouch"]  # type: ignore[index]
            assert (vouch["sitting"], vouch["person"]["officer"]) == (here.sitting.sitting, "test#4471")
            assert vouch["until"] == 9e9  # on the hub's clock: the link alone knows that, and bounds it
            await spare.do("tell", message={"kind": "wants-vouch", "nonce": "bm9uY2U=", "until": 9e9})
            assert (await told(spare, "vouched"))["vouched"] is None
            tell = {"kind": "tell-helpdesk", "key": "k1", "reference": "sign-on-refused", "system": "records"}
            await here.hands.do("tell", message=tell)
            assert (await told(here.hands, "told"))["number"] == "T-1"
            assert here.hub.tells[0].sitting == here.sitting.sitting
            await here.hands.do("tell", message={**tell, "reference": "No such"})
            assert (await told(here.hands, "told"))["reference"] == "helpdesk-not-told"
            here.hub.number = NoAnswer("hub-not-reachable")
            await here.hands.do("tell", message=tell)
            assert (await told(here.hands, "told"))["reference"] == "hub-not-reachable"

    asyncio.run(journey())


def test_a_caller_who_cannot_log_on_is_seen_under_the_terminal(tmp_path: Path, hub_of_one: HubProcess) -> None:
    async def journey() -> None:
        async with terminal(hub_of_one, tmp_path, "RF-01") as at:
            desk = await at.log_on("101", "helpdesk")
            await at.at.spare()  # the one at which they have logged on
            spare = await at.at.hands_on((await at.at.spare()).pid)
            refused = _refused(time.time(), "account-locked")
            await spare.do("tell", message={"kind": "recorded", "record": refused.model_dump(mode="json")})
            async with vouched(hub_of_one, desk) as road, asyncio.timeout(WITHIN_S):
                analyst = await Analyst.begins(road)
                while not (seen := (await road.find(analyst.case, "rf-01")).terminals[0].refused):  # noqa: ASYNC110 - the hub tells nobody in a test
                    await asyncio.sleep(0.1)
        assert [one.reference for one in seen] == ["account-locked"]

    asyncio.run(journey())


def _refused(at: float, reference: str) -> SignInRecord:
    return SignInRecord(at=at, method="directory", outcome="refused", reference=reference, total_ms=9.0, phases=())
