"""Pages go by this session's relay and by nothing else, and say why where it does not let them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtNetwork import QNetworkProxy

from launcher.errors import LauncherError
from launcher.recipes.steps import Place
from launcher.relay.relay import Relay
from launcher.relay.road import Road, leave_road, take_road
from launcher.relay.ways import Rules
from launcher.secret import Secret
from tests.servers.basic_apache import READY, Records
from tests.servers.people import ALICE, PASSWORD
from tests.servers.squid import BEHIND, NOT_ALLOWED, Squid
from tests.shell.engine_room import engine_room
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import Site
from tests.unit.relay.conftest import by, proves

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.needs("browser-trust")]


@pytest.fixture
def proxied_desk(proxy: Squid) -> Iterator[Desk]:
    """Surfaces whose browser is made once there is a road."""
    road = Road()
    relay = Relay(road, by(proxy.url), proves(PASSWORD))
    relay.start()
    take_road(road)
    try:
        with engine_room() as room:
            desk = Desk(room)
            yield desk
            desk.run(desk.surfaces.release())
    finally:
        relay.close()
        leave_road()
        QNetworkProxy.setApplicationProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))


def reference_of(desk: Desk, url: str) -> str:
    """Load an address and return what it is refused by."""
    page = desk.open(url, url.rstrip("/"))
    with pytest.raises(LauncherError) as caught:
        desk.run(page.load(url))
    return caught.value.reference


def test_a_page_is_asked_for_by_the_proxy_alone(
    proxied_desk: Desk, proxy: Squid, behind_proxy: Records, site: Site
) -> None:
    page = proxied_desk.open(behind_proxy.url, behind_proxy.origin)
    page.answer_basic(ALICE.uid, Secret(PASSWORD))
    proxied_desk.run(page.load(behind_proxy.url))
    assert proxied_desk.run(page.first_of([Place(selector=READY)], 10.0)) is not None
    assert reference_of(proxied_desk, f"https://{NOT_ALLOWED}/") == "proxy-refused"
    assert reference_of(proxied_desk, f"https://{BEHIND}:1/") == "system-unreachable"
    # What is this computer's own is not for a proxy.
    site.pages["/"] = "<h1>here</h1>"
    page = proxied_desk.open(site["/"], site.origin)
    proxied_desk.run(page.load(site["/"]))
    assert site.paths() == ["/"]
    proxied_desk.run(proxied_desk.surfaces.release())
    assert {(one.status, one.who) for one in proxy.told(f"{BEHIND}:{behind_proxy.port}")} == {(200, ALICE.uid)}
    assert not [one for one in proxy.logged() if one.place.startswith("127.0.0.1:")]


def test_where_the_road_is_not_known_nothing_is_asked_for(qapp: object, behind_proxy: Records) -> None:
    road = Road()
    relay = Relay(road, Rules("fixed"))
    relay.start()
    take_road(road)
    try:
        with engine_room() as room:
            desk = Desk(room)
            assert reference_of(desk, f"https://0.0.0.0:{behind_proxy.port}/") == "proxy-unknown"
            desk.run(desk.surfaces.release())
    finally:
        relay.close()
        leave_road()
        QNetworkProxy.setApplicationProxy(QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
