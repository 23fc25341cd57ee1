"""What is signed on out of the browser: its cookies go into the profile before the page is loaded."""

from __future__ import annotations

import time

from launcher.connectors.plan import LaunchPlan, WebTarget
from launcher.grants.held import Grants
from launcher.session.browser_cookie import BrowserCookie
from launcher.session.endpoint import sign_on_at
from launcher.session.negotiated import negotiated_cookies
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.trace import Trace
from launcher.timings import Timeline


async def unseen_cookies(
    plan: LaunchPlan, target: WebTarget, values: Values, grants: Grants, timeline: Timeline, trace: Trace | None = None
) -> tuple[BrowserCookie, ...] | SignOnOutcome:
    """Sign on to a system out of the browser, where that is its way, and return the cookies that it gave.

    There are none where the page itself signs on; the outcome comes where the system refused.

    Raises :class:`LauncherError`.
    """
    trace = trace or Trace()
    if plan.sign_on == "endpoint" and target.endpoint is not None:
        began = time.monotonic()
        with timeline.phase("inject"):
            given = await sign_on_at(target.endpoint, target.origins, values, plan.within_s)
        seen = given.last_seen if isinstance(given, SignOnOutcome) else f"cookies for the page: {len(given)}"
        trace.note(0, f"sign on at {target.endpoint.url}", seen, (time.monotonic() - began) * 1000.0)
        return given
    if plan.sign_on == "kerberos" and target.managed is None and grants.tickets is not None:
        began = time.monotonic()
        with timeline.phase("inject"):
            cookies = await negotiated_cookies(target, await grants.tickets.ticket(), plan.within_s)
        did = f"show the ticket at {target.url}"
        trace.note(0, did, f"cookies for the page: {len(cookies)}", (time.monotonic() - began) * 1000.0)
        return cookies
    return ()
