"""What an officer gave for a system is kept once it has worked, also where the officer finished by hand in the tab."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.session import commands as c
from tests.contract.drivers.site import NAME, PASSWORD, Request, Response, Site, served
from tests.unit.session.bench import Bench, page

GIVE = c.GiveCredential("logon", NAME, Secret(PASSWORD))
READY = '[[marker]]\nmeans = "ready"\nselector = "#main"\n'
BETWEEN = '<!doctype html><title>One moment</title><form id=between method=post action="/go-on"><button id=on name=on>'


class TwoSteps(Site):
    """The site with a page between the logon and the work, as for a notice, a second factor or a new password."""

    def respond(self, request: Request) -> Response:
        if (request.method, request.path) == ("POST", "/go-on"):
            return Response(303, headers={"Location": "/main"})
        if (request.method, request.path) == ("GET", "/between"):
            return Response(200, BETWEEN, {"Content-Type": "text/html; charset=utf-8"})
        answer = super().respond(request)
        if request.method == "POST" and 300 <= answer.status < 400:
            return Response(answer.status, headers={"Location": "/between"})
        return answer


def between(means: str) -> str:
    return f'[[marker]]\nmeans = "{means}"\nselector = "#between"\n' if means else ""


@pytest.mark.parametrize(
    ("means", "needs", "typed_hidden", "kept"),
    [
        pytest.param("", "finish", False, True, id="finished-without-a-password"),
        pytest.param("", "finish", True, False, id="a-password-was-typed-in-the-tab"),
        pytest.param("notice", "notice", False, True, id="a-notice-was-acknowledged"),
        pytest.param("change-password", "change-password", False, False, id="another-password-since"),
    ],
)
def test_what_was_given_is_kept_when_the_system_is_ready_after_all(
    tmp_path: Path, means: str, needs: str, typed_hidden: bool, kept: bool
) -> None:
    site = TwoSteps()

    async def play(origin: str) -> None:
        entry = page(origin, markers=READY + between(means)).replace("within_s = 20", "within_s = 3")
        desk = Bench(tmp_path / "b", {"logon": entry}, {origin: site})
        async with desk.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            await here.until(lambda now: [one.needs for one in now.launches] == ["credential"])
            here.send(GIVE)
            await here.until(lambda now: [one.needs for one in now.launches] == [needs])
            assert site.passwords == [PASSWORD]
            tab = here.surfaces.open["logon"]
            tab.typed_hidden = typed_hidden
            await tab.press("#on", "")
            await here.launch("logon", "ready")
        async with desk.session() as here:  # at the next sitting it is asked for again only where it was not kept
            await here.log_on()
            here.send(c.OpenSystem("logon"))
            await here.until(lambda now: [one.needs for one in now.launches] == [needs if kept else "credential"])

    with served(site) as origin:
        asyncio.run(play(origin))
