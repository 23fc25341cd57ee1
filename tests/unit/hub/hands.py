"""A station's hand in a test: it enrols, proves, reports, takes commands and answers over the hub's addresses."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import requests
from sqlalchemy import Connection, update

from launcher.hub.service import Hub
from launcher.hub.stations import reach, rows
from launcher.hub.stations.tables import stations
from launcher.signing import SigningKey
from launcher.wire.hub.commands import Acknowledged, Answer, CommandState, Outcome, SignedCommand
from launcher.wire.hub.commands import Commands as TakenCommands
from launcher.wire.hub.sittings import Happened, Happenings, Person, Received, Report, ShownLetters, Sitting
from launcher.wire.hub.stations import Challenge, Enrol, Enrolled, Known, News, Proof, Proved, SignedEnrol
from launcher.wire.records import Record
from tests.servers.hub_in_process import Asking

Clock = Callable[[], float]
"""Seconds since the epoch."""


class StationHand:
    """One enrolled station. ``ask``: asks the hub with the station's token."""

    def __init__(self, origin: str, key: SigningKey, enrolled: Enrolled, clock: Clock, *, boot: str = "boot-1") -> None:
        self.key = key
        self.enrolled = enrolled
        self.id = enrolled.station
        self.boot = boot
        self.link = ""
        self.ahead_s = 0.0
        """By how much this station's clock is ahead of the hub's."""
        self.ask = Asking(origin)
        self._clock = clock
        self._numbers = itertools.count(1)
        self._seq = itertools.count(1)

    def proved(self, *, nonce: str = "", signed_by: SigningKey | None = None, **changed: str) -> Proved:
        """Return a proof of this station; ``changed``: fields that are not as they should be."""
        if not nonce:
            nonce = Challenge.model_validate(self.ask.post("/stations/challenge").json()).nonce
        fields = {"station": self.id, "hub": self.enrolled.hub, "boot": self.boot, "link": self.link} | changed
        proof = Proof(nonce=nonce, **fields)
        return Proved(proof=proof, signature=(signed_by or self.key).sign("challenge", proof))

    def prove(self, proved: Proved | None = None) -> requests.Response:
        """Prove the station and, where that is taken, go on with the token."""
        answer = self.say("POST", "/stations/proof", proved or self.proved())
        if answer.ok:
            known = Known.model_validate(answer.json())
            self.link = known.link
            self.ask.headers["Authorization"] = f"Bearer {known.token}"
        return answer

    def say(self, method: str, address: str, said: Record) -> requests.Response:
        """Send a record."""
        return self.ask.request(method, address, json=said.model_dump(mode="json"))

    def news(self) -> News:
        """Ask for news."""
        return News.model_validate(_good(self.ask.get("/stations/news")))

    def report(self, *sittings: Sitting, letters: tuple[ShownLetters, ...] = (), number: int = 0) -> requests.Response:
        """Report the station's whole picture."""
        number = number or next(self._numbers)
        at = self._clock() + self.ahead_s
        return self.say(
            "PUT", "/stations/report",
            Report(boot=self.boot, number=number, at=at, sittings=sittings, letters=letters),
        )  # fmt: skip

    def tell(self, *happened: Happened) -> Received:
        """Tell what happened, as it stands."""
        said = Happenings(at=self._clock() + self.ahead_s, happened=happened)
        return Received.model_validate(_good(self.say("POST", "/stations/happenings", said)))

    def happened(
        self, what: Record, *, sitting: str | None = None, officer: str | None = None, words: str = ""
    ) -> Happened:
        """Make the next thing that happened at this station."""
        return Happened(seq=next(self._seq), sitting=sitting, officer=officer, words=words, what=what)  # type: ignore[arg-type]

    def commands(self, since: int = 0) -> tuple[SignedCommand, ...]:
        """Ask for the commands after an id."""
        answer = self.ask.get("/stations/commands", params={"since": since})
        return TakenCommands.model_validate(_good(answer)).commands

    def take(self, command: int) -> CommandState:
        """Acknowledge a command."""
        said = Acknowledged(boot=self.boot, at=self._clock())
        return CommandState.model_validate(_good(self.say("POST", f"/stations/commands/{command}/acknowledged", said)))

    def answer(self, command: int, outcome: Outcome = "done", **more: object) -> requests.Response:
        """Answer a command."""
        said = Answer.model_validate({"outcome": outcome, "at": self._clock(), **more})
        return self.say("POST", f"/stations/commands/{command}/answer", said)


def enrol(hub: Hub, origin: str, terminal: str, place: str) -> StationHand:
    """Enrol a station with a new key and code, and prove it."""
    now = hub.clock()
    with hub.store.writing() as connection:
        code = rows.make_code(connection, "a test", now, now + 60)
    return enrol_with(code, origin, terminal, place, clock=hub.clock)


def enrol_with(
    code: str, origin: str, terminal: str = "FD-02", place: str = "Front desk", *, clock: Clock = time.time,
    ca: Path | None = None,
) -> StationHand:  # fmt: skip
    """Enrol a station with a new key, and prove it. ``ca``: who signs the hub's certificate."""
    key = SigningKey.made()
    with Asking(origin, ca=ca) as asking:
        asked = Enrol(code=code, public_key=key.public, terminal=terminal, place=place)
        said = SignedEnrol(enrol=asked, signature=key.sign("enrol", asked))
        enrolled = Enrolled.model_validate(_good(asking.post("/stations/enrol", json=said.model_dump(mode="json"))))
    hand = StationHand(origin, key, enrolled, clock)
    hand.ask.verify = asking.verify
    _good(hand.prove())
    return hand


def has_socket(connection: Connection, hub: Hub, *hands: StationHand) -> None:
    """Note what a proof on a socket of this process would: at this moment."""
    for hand in hands:
        noted = reach.connected_to(hub, hub.clock())
        connection.execute(update(stations).where(stations.c.station == hand.id).values(heard=hub.clock(), **noted))


def person(number: str = "4471", *groups: str, name: str = "", issuer: str = "ldap:dc=station,dc=test") -> Person:
    """An officer as a station has proved them."""
    return Person(
        officer=f"{issuer}#{number}", number=number, name=name or f"Officer {number}", user_name=f"u{number}",
        groups=groups,
    )  # fmt: skip


def sitting(who: Person | None = None, name: str = "sit-1", *, since: float = 0.0, **changed: object) -> Sitting:
    """An officer's sitting."""
    fields = {"sitting": name, "person": who or person(), "since": since, "state": "signed-in", "state_since": since}
    return Sitting.model_validate(fields | changed)


def _good(answer: requests.Response) -> object:
    assert answer.ok, f"{answer.status_code} {answer.text}"
    return answer.json()
