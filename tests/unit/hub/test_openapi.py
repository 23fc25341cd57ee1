"""Whatever is sent to an address, as its description says or otherwise: no fault, and no answer that it does not say.

schemathesis makes the requests out of the hub's own OpenAPI; some of them name what is really there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import hypothesis
import pytest
import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from launcher.hub.officers.asking import X_ROLES
from launcher.hub.service import Hub
from launcher.hub.settings import HubSettings, RoleSettings
from tests.servers.hub_in_process import Asking, HubServer
from tests.unit.hub.hands import StationHand, person, sitting

ROLES: Final = {"helpdesk": ("helpdesk",), "it": ("it",), "auditor": ("auditor",), "administrator": ("administrator",)}
CHECKS: Final = [not_a_server_error, content_type_conformance, response_schema_conformance]
EXAMPLES: Final = 3


@pytest.fixture
def settings() -> HubSettings:
    """The hub's file: a group of each role's name."""
    return HubSettings(roles=RoleSettings(**ROLES, supervisors={"sergeants": 1}))


@pytest.fixture
def there(hub: Hub, enrolled: Callable[..., StationHand], officer: Callable[..., Asking]) -> dict[str, Any]:
    """What is there, by the names that parameters and fields have; and who asks."""
    hand = enrolled()
    alice = person("4471", "custody")
    assert hand.report(sitting(alice, "sit-1", since=hub.clock())).ok
    everything = officer(person("7001"), "helpdesk", "it", "auditor", "administrator", "sergeants")
    case = everything.post("/helpdesk/cases", json={"reason": "they rang", "key": "case-1"}).json()["case"]
    return {
        "station": hand.ask, "officers": everything,
        "known": {
            "case": case, "officer": alice.officer, "sitting": "sit-1", "station": hand.id, "q": "Off",
            "boot": hand.boot, "from_sitting": "sit-1", "terminal": "FD-01",
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("store", "mode"),
    [
        ("sqlite", GenerationMode.POSITIVE),
        pytest.param("postgresql", GenerationMode.POSITIVE, marks=pytest.mark.needs("postgresql")),
        pytest.param("postgresql", GenerationMode.NEGATIVE, marks=pytest.mark.needs("postgresql")),
    ],
    indirect=["store"],
)
@pytest.mark.timeout(300)
def test_no_request_is_answered_by_a_fault(
    hub_server: HubServer, client: Asking, there: dict[str, Any], mode: GenerationMode
) -> None:
    described = schemathesis.openapi.from_dict(hub_server.app.openapi())
    said: list[str] = []
    for result in described.get_all_operations():
        operation = result.ok()
        roles = set(operation.definition.raw[X_ROLES])
        asking = there["station"] if "station" in roles else client if "nobody" in roles else there["officers"]
        if operation.path.endswith("/session/end"):
            asking = client  # the others are still to be asked

        try:
            _tried(operation.as_strategy(generation_mode=mode), asking, there["known"])
        except hypothesis.errors.Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # it takes nothing that could be wrong
        except Exception as fault:  # all addresses are looked at, then all that is wrong is told
            said.append(f"{operation.label}: {fault}")
    assert said == []


def _tried(cases: Any, asking: Asking, known: Mapping[str, Any]) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=cases)
    def holds(case: Case) -> None:
        if isinstance(case.query, dict) and "wait_s" in case.query:
            case.query["wait_s"] = 0
        ask(case)
        if _names_what_is_there(case, known):
            ask(case)

    def ask(case: Case) -> None:
        response = case.call(base_url=asking.origin, headers=dict(asking.headers), timeout=60)
        case.validate_response(response, checks=CHECKS)

    holds()


def _names_what_is_there(case: Case, known: Mapping[str, Any]) -> bool:
    """Let a request name what is there; False: it has no place for it."""
    found = False
    for values in (case.path_parameters, case.query, case.body):
        if isinstance(values, dict) and (names := values.keys() & known.keys()):
            values |= {name: known[name] for name in names}
            found = True
    return found
