"""The provider's page of a real browser on the sign-in screen of the real window: what is in front, and when."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from launcher.connectors.plan import WebTarget
from launcher.session.commands import Command
from launcher.session.snapshot import MethodView, SignInView, Snapshot, StationView
from launcher.shell.look import look
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.window import PROVIDER, Window
from tests.shell.engine_room import engine_room
from tests.shell.look.seeing import settle
from tests.shell.surfaces.site import running_site

CARD = Snapshot(
    "signing-in",
    StationView("FD-02", "Front desk", "ext. 4100"),
    SignInView((MethodView("federated", "Force account", "provider"),)),
)
AT_PROVIDER = replace(CARD, sign_in=replace(CARD.sign_in, form="provider", surface=PROVIDER, busy=True))
GREEN = "<title>Log on</title><body style='background:#00ff00'>"


@pytest.mark.usefixtures("qapp")
def test_a_page_is_seen_once_it_has_an_address_and_its_end_is_the_checking(qtbot: QtBot) -> None:
    told: list[Command] = []
    with engine_room() as room, running_site("localhost") as site, ExitStack() as leaving:
        site.pages["/"] = GREEN
        surfaces = WebSurfaces(room.bridge)
        leaving.callback(surfaces.release_now)
        window = Window(told.append, fullscreen=False)
        qtbot.addWidget(window)
        window.lend(surfaces)
        window.draw(CARD)
        window.draw(AT_PROVIDER)
        place = window.sign_in.provider_page
        target = WebTarget(site["/"], (site.origin,))
        driver = room.run(surfaces.open_web(PROVIDER, target, shown=True))
        settle()
        view = surfaces.widget(PROVIDER)
        assert view is not None
        above = QPoint(view.geometry().center().x(), view.geometry().top() + 20)
        assert place.waiting.isVisible()
        assert place.childAt(above) is place.waiting
        assert place.grab().toImage().pixelColor(above) == look().colours.canvas
        room.run(driver.load(site["/"]))
        qtbot.waitUntil(lambda: not place.waiting.isVisible())
        assert place.bar.host.text() == surfaces.host(PROVIDER)
        assert place.page is view
        room.run(surfaces.close(PROVIDER))
        settle()
        assert place.waiting.isVisible()
        assert place.waiting.what.text() == "Checking your logon …"
        window.close_for_good()
