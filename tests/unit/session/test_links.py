"""Whose an address is, of systems that share a host too."""

from __future__ import annotations

import pytest

from launcher.session.links import places_of, whose
from tests.unit.session.bench import page
from tests.unit.session.launch_desk import entry

SYSTEMS = {
    "custody": "https://intranet.force.example/custody/",
    "cases": "https://intranet.force.example/cases/start.html?desk=1",
    "portal": "https://intranet.force.example",
    "fleet": "https://fleet.force.example:8443/app",
}


@pytest.mark.parametrize(
    ("address", "system"),
    [
        ("https://intranet.force.example/custody/7?x=/cases/", "custody"),
        ("https://intranet.force.example/custody", "custody"),
        ("https://intranet.force.example/custody-archive/1", "portal"),
        ("https://intranet.force.example/cases/case/9", "cases"),
        ("https://INTRANET.force.example:443/cases/start.html#top", "cases"),
        ("https://intranet.force.example", "portal"),
        ("https://fleet.force.example:8443/bookings", "fleet"),
        ("https://fleet.force.example/app", ""),
        ("https://intranet.force.example.evil.example/custody/", ""),
        ("javascript:alert(1)", ""),
        ("about:blank", ""),
    ],
)
def test_of_systems_at_one_host_the_nearest_takes_an_address(address: str, system: str) -> None:
    places = {
        place: one for one, url in SYSTEMS.items() for place in places_of(entry(one, page(url, "", sign_on="none")))
    }
    assert whose(places, address) == system
