"""A page that another site has led back, as providers do: the engine shows it in another process, and hears it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from launcher.recipes.steps import Place
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import running_site, to
from tests.shell.surfaces.test_escape_routes import on_screen

pytestmark = pytest.mark.usefixtures("qapp")

WAYS = {
    "form": "<body onload='document.forms[0].submit()'><form method=post action='{end}'><input name=x></form>",
    "script": "<script>location.replace('{end}')</script>",
}

FIELD = "<body style='margin:0'><input id=field style='width:300px;height:60px'>"


@pytest.mark.parametrize("way", WAYS)
def test_a_page_that_another_site_led_back_is_left_and_typed_into_as_any_other(desk: Desk, way: str) -> None:
    with running_site("records.localhost") as site, running_site("id.localhost") as provider:
        site.pages |= {
            "/": to(provider["/on"]),
            "/end": "<body style='margin:0'><input id=field style='width:300px;height:60px'>",
        }
        provider.pages["/on"] = WAYS[way].format(end=site["/end"])
        page = desk.open(site["/"], site.origin, visits=(provider.origin,))
        seen = set()
        for _ in range(2):
            desk.run(page.load(site["/"]))
            assert desk.run(page.first_of([Place(selector="#field")], 10.0)) is not None
            seen.add(desk.run(page.document_now()).id)
        assert len(seen - {""}) == 2  # the second load was not over before its page was there
        with on_screen(desk) as keys:
            # A page that was shown this moment misses the first clicks and keys.
            desk.until(
                lambda: (
                    not QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(50, 30))
                    and not QTest.keyClick(keys, Qt.Key.Key_A)
                    and desk.surfaces.is_edited("page")
                )
            )
