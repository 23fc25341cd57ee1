"""What a hub may have said, as the pictures hold it."""

from __future__ import annotations

import time

from launcher.session.hub.views import (
    BringView,
    DeedView,
    ElsewhereView,
    HubNoticeView,
    HubView,
    LettersView,
    MessageView,
    SecondView,
    ToldView,
)
from launcher.session.snapshot import ErrorView

NOW = time.time()
HUB = HubView(enrolled=True, reachable=True)
LETTERS = LettersView("BKDMRT", NOW + 500)
SLOW = HubNoticeView(2, "Crime Recording answers slowly; the supplier is on it", ("crime",), NOW - 600)
PRINTERS = HubNoticeView(1, "Printers at the front desk are out of order. Use the report room", (), NOW - 3000)
THERE = ElsewhereView("s-1", "FD-01", "Front desk", NOW - 4000, systems=6, unsaved=2)
ASKED = BringView("s-1", "FD-01", "asked", 0.0)
NOT_BROUGHT = ErrorView("not-brought-here", "FD-01 has not answered.", "Go on here, or call the helpdesk.", True)
MESSAGE = MessageView(3, "Please call the control room. <b>At once</b>", "J. Field", NOW)
CLOSED = DeedView(4, "close-system", "J. Field", "the page was frozen", NOW - 300, "crime")
SECOND = SecondView("r-1", "suspend", "A. Okafor", "J. Field", "warrant card reported lost", NOW + 600)
TOLD = ToldView("sign-on-refused", "crime", number="T-4821")
NOT_TOLD = ToldView("sign-on-refused", "crime", error=ErrorView("helpdesk-not-told", "It was not told.", "Call."))
