"""The engine's side of an open page: the driver that recipes and sign-on methods run against."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.bridge import Bridge, Reply
from launcher.shell.surfaces.windows import SystemWindows
from launcher.shell.surfaces.writing import Given
from launcher.sign_on.driver import DocumentNow, Followed, Seen


class WebSurface:
    """A :class:`launcher.sign_on.driver.WebDriver`; every call goes over the bridge, facts are read as they stand."""

    kind: ClassVar[str] = "web"

    def __init__(self, bridge: Bridge, page: SystemWindows) -> None:
        self._bridge = bridge
        self._page = page

    async def load(self, url: str) -> None:
        """Go to the address and return when its document is there.

        Raises SystemUnreachableError, SystemCertificateRefusedError, WrongOriginError, SignOnNotExpectedError,
        DownloadRefusedError or DriverGoneError. A basic challenge that was refused after our answer, and a callback
        that was caught, end the load without an error.
        """
        page = self._page

        def begin(reply: Reply[None]) -> None:
            page.load(url, reply)

        await self._bridge.ask(begin)

    async def first_of(self, places: Sequence[Place], within_s: float, *, or_fault: bool = False) -> Seen | None:
        """Return the first place seen, or None at the deadline; or raise the fault that the page meets meanwhile."""
        page = self._page

        def begin(reply: Reply[Seen | None]) -> None:
            page.first_of(tuple(places), within_s, reply, or_fault=or_fault)

        return await self._bridge.ask(begin)

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        """Put the value into the field and read it back; waits some seconds for the field to be there.

        ``hides``: the value is a password, only a field that hides it is filled. Raises WrongOriginError, FieldFault
        or DriverGoneError.
        """
        page = self._page

        def begin(reply: Reply[None]) -> None:
            page.fill(Given(field, value, hides, sends), by_keys, reply)

        await self._bridge.ask(begin)

    async def press(self, control: str, key: str) -> None:
        """Press the control or the key, once. Raises WrongOriginError, FieldFault or DriverGoneError."""
        page = self._page

        def begin(reply: Reply[None]) -> None:
            page.press(control, key, reply)

        await self._bridge.ask(begin)

    async def document_now(self, words_at: str = "") -> DocumentNow:
        """Say which document is there, and the words of the element at a selector in it."""
        page = self._page

        def begin(reply: Reply[DocumentNow]) -> None:
            page.document_now(words_at, reply)

        return await self._bridge.ask(begin)

    async def answered(self) -> None:
        """Return once no window of the system waits for the officer's answer to what it asks."""
        await self._bridge.ask(self._page.answered)

    def last_seen(self) -> str:
        """Say what is in front now: host, path and title."""
        return self._page.facts.last_seen

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Answer the next basic challenge from one of the target's origins, once."""
        self._bridge.post(partial(self._page.answer_basic, user_name, password))

    def basic_refused(self) -> bool:
        """Say whether the server challenged again after our answer."""
        return self._page.facts.basic_refused

    def present_certificate(self, certificate: AnyCertificate) -> None:
        """Present it to the page's own origins whenever they ask."""
        self._bridge.post(partial(self._page.present_certificate, certificate))

    def certificate_refused(self) -> bool:
        """Say whether one of them refused the page since."""
        return self._page.facts.certificate_refused

    def carry_token(self, token: Secret) -> None:
        """Put the token on fetches to the token origin until replaced."""
        self._bridge.post(partial(self._page.carry_token, token))

    async def callback(self, prefix: str, within_s: float) -> str | None:
        """Return the first navigation that starts with ``prefix``, or None at the deadline.

        Ask for it before :meth:`load`, or right after a load that a navigation to it has ended.
        """
        page = self._page

        def begin(reply: Reply[str | None]) -> None:
            page.callback(prefix, within_s, reply)

        return await self._bridge.ask(begin)

    def officer_typed_hidden(self) -> bool:
        """Say whether the officer typed where it may have been a password, in any document of this page."""
        return self._page.facts.typed_hidden

    def officer_acts(self) -> int:
        """Count the officer's own key presses, clicks and touches in this page so far."""
        return self._page.facts.acts

    def followed(self) -> Followed:
        """Return the link that the officer has followed last in the first window."""
        return self._page.facts.followed
