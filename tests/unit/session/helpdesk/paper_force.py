"""A force on paper: two officers, three terminals, what is open there and how it was opened."""

from __future__ import annotations

from launcher.wire.hub.helpdesk import Waterfall
from launcher.wire.hub.sittings import OpenSystem, Person, Sitting
from launcher.wire.records import LaunchRecord, PhaseSpan, SignInRecord
from tests.unit.session.helpdesk.paper_hub import NOW, PaperHub, Terminal

ISSUER = "ldap:dc=station,dc=test"
ALICE, BOB = f"{ISSUER}#alice", f"{ISSUER}#bob"


def people() -> dict[str, Person]:
    """Two officers."""
    alice = Person(officer=ALICE, number="4471", name="Alice Carr", user_name="acarr")
    bob = Person(officer=BOB, number="2210", name="Bob Noor", user_name="bnoor")
    return {ALICE: alice, BOB: bob}


def systems() -> tuple[OpenSystem, ...]:
    """Four open systems in four states."""
    return (
        OpenSystem(system="custody", name="Custody Record", state="ready", since=NOW - 4000, took_ms=3912.0),
        OpenSystem(
            system="warrants",
            name="Warrants Register",
            state="failed",
            since=NOW - 300,
            reference="sign-on-refused",
            words="Account locked after 3 attempts. Call the registry.",
        ),
        OpenSystem(
            system="pnc", name="National Computer", state="needs", since=NOW - 200, words="Change your password"
        ),
        OpenSystem(system="exhibits", name="Exhibits", state="opening", since=NOW - 3),
    )


def recent() -> tuple[Waterfall, ...]:
    """A sign-in and two openings, one of which failed."""
    return (
        Waterfall(
            terminal="FD-02",
            name="Warrants Register",
            words="Account locked after 3 attempts. Call the registry.",
            record=LaunchRecord(
                at=NOW - 300,
                system="warrants",
                system_kind="web",
                sign_on="form",
                outcome="failed",
                reference="sign-on-refused",
                prompts=0,
                total_ms=8700.0,
                phases=(
                    PhaseSpan(phase="queue", start_ms=0, duration_ms=40),
                    PhaseSpan(phase="reach", start_ms=40, duration_ms=900),
                    PhaseSpan(phase="load", start_ms=940, duration_ms=3000),
                    PhaseSpan(phase="inject", start_ms=3940, duration_ms=4600),
                ),
            ),
        ),
        Waterfall(
            terminal="FD-02",
            name="Custody Record",
            record=LaunchRecord(
                at=NOW - 4000,
                system="custody",
                system_kind="web",
                sign_on="federated",
                outcome="ready",
                reference=None,
                prompts=0,
                total_ms=3912.0,
                phases=(
                    PhaseSpan(phase="queue", start_ms=0, duration_ms=12),
                    PhaseSpan(phase="load", start_ms=12, duration_ms=2600),
                    PhaseSpan(phase="ready", start_ms=2700, duration_ms=1200),
                ),
            ),
        ),
        Waterfall(
            terminal="FD-02",
            record=SignInRecord(
                at=NOW - 4010,
                method="directory",
                outcome="signed-in",
                reference=None,
                total_ms=1450.0,
                phases=(PhaseSpan(phase="prove", start_ms=0, duration_ms=900),),
            ),
        ),
    )


def sample(**more: object) -> PaperHub:
    """Alice at two terminals, one of which is away; Bob at one."""
    known = people()

    def sat(name: str, officer: str, **changes: object) -> Sitting:
        fields: dict[str, object] = {
            "sitting": name,
            "person": known[officer],
            "since": NOW - 4010,
            "state": "signed-in",
            "state_since": NOW - 4010,
        }
        return Sitting.model_validate(fields | changes)

    hub = PaperHub(
        people=known,
        terminals=[
            Terminal(
                "station-2",
                "FD-02",
                "Front desk",
                sat("sitting-a", ALICE, systems=systems(), unsaved=2, running=1, state="frozen", state_since=NOW - 45),
                letters="BKDMRT",
            ),
            Terminal("station-9", "CU-09", "Custody suite", sat("sitting-b", ALICE, state="locked"), away=True),
            Terminal("station-4", "RS-04", "Response", sat("sitting-c", BOB, systems=systems()[:1])),
        ],
        recent=recent(),
    )
    for name, value in more.items():
        setattr(hub, name, value)
    return hub
