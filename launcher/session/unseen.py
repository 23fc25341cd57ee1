"""What is signed on out of the browser: its cookies go into the profile before the page is loaded."""

from __future__ import annotations

from launcher.connectors.plan import LaunchPlan, WebTarget
from launcher.grants.held import Grants
from launcher.session.browser_cookie import BrowserCookie
from launcher.sign_on.run import Values
from launcher.timings import Timeline


async def unseen_cookies(
    plan: LaunchPlan, target: WebTarget, values: Values, grants: Grants, timeline: Timeline
) -> tuple[BrowserCookie, ...]:
    """Sign on to a system out of the browser, where that is its way, and return the cookies that it gave.

    None where the page itself signs on. Raises :class:`LauncherError`.
    """
    return ()
