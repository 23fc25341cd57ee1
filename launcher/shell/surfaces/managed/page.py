"""The page of a managed browser as recipes drive it: the same scripts, words and rules as in the embedded one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, Final

from launcher.addresses import begins, host_of, is_private
from launcher.grants.client_certificate import AnyCertificate
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.shell.surfaces import faults, scripts
from launcher.shell.surfaces.field_words import said
from launcher.shell.surfaces.managed import net_errors
from launcher.shell.surfaces.managed.devtools import AskRefusedError, Values
from launcher.shell.surfaces.managed.facts import BLANK
from launcher.shell.surfaces.managed.isolated import LOST_S
from launcher.shell.surfaces.managed.kept import KeptManagedPage
from launcher.shell.surfaces.origins import is_strange
from launcher.shell.surfaces.run_looks import SHOWS_MS
from launcher.shell.surfaces.writing import SILENT, SILENT_S, Given, Writing
from launcher.sign_on.driver import DocumentNow, FieldFault, Followed, PageAsksError, Seen

FILL_WITHIN_S: Final = 5.0
PARTS_WITHIN_S: Final = 1.5
LEAVE_WITHIN_S: Final = 0.3
LOAD_S: Final = 3600.0
"""As long as who asked for the load waits."""


class ManagedPage(KeptManagedPage):
    """A :class:`launcher.sign_on.driver.WebDriver` over a debugging line."""

    kind: ClassVar[str] = "web"

    async def begin(self) -> None:
        """Hold the browser to the bounds and listen to it. Raises :class:`LineEndedError` and AskRefusedError."""
        self._line.on("Page.frameRequestedNavigation", self._requested)
        await super().begin()

    @property
    def is_filled(self) -> bool:
        """Whether something was filled that no press has sent yet."""
        return bool(self._given)

    # --- the driver

    async def load(self, url: str) -> None:
        """Go to the address and return when its document is there; faults as the embedded browser's."""
        self._open()
        if not self.bounds.may_visit(url):
            raise faults.wrong_origin(url)
        self._end_load()
        self._clear_fault()
        self._given = ()
        self._wanted, self._refused = url, ""
        self.facts = replace(self.facts, crashed=False)
        if self._before_load is not None:
            await self._not_ended(self._before_load())
        left = await self._document_left()
        load = self._load = asyncio.get_running_loop().create_future()
        going = asyncio.create_task(self._go(url, left))
        try:
            await asyncio.wait({load, going}, return_when=asyncio.FIRST_COMPLETED)
            if load.done():
                load.result()
            else:
                await self._not_ended(going)
        finally:
            if self._load is load:
                self._load = None
            going.cancel()
            await asyncio.wait({going})
            if not going.cancelled():
                going.exception()
            load.cancel()

    async def first_of(
        self, places: Sequence[Place], within_s: float, *, or_fault: bool = False, or_asks: bool = False
    ) -> Seen | None:
        """Return the first place seen, or None at the deadline; or raise the fault that the page meets meanwhile.

        ``or_asks``: raise what it asks the officer, and no fault.
        """
        self._alive()
        acts = self.facts.acts
        seen: list[Seen] = []
        asked: list[int] = []

        async def ask() -> object:
            address = self.facts.address
            here = self.bounds.may_visit(address)
            asked[:] = [
                index for index, place in enumerate(places) if here and (not place.url or begins(address, place.url))
            ]
            return await self._world.run(scripts.look([places[index] for index in asked]))

        def judge(untrusted: object) -> bool:
            index = round(untrusted) if isinstance(untrusted, int | float) else -1
            if not 0 <= index < len(asked):
                if or_fault and acts == self.facts.acts:
                    self._raise_met()
                return False
            seen.append(Seen(asked[index], self.facts.last_seen))
            return True

        await self._until(ask, judge, within_s, act=or_fault or or_asks)
        return seen[0] if seen else None

    async def fill(
        self, field: str, value: Secret, *, hides: bool = False, by_keys: bool = False, sends: bool = False
    ) -> None:
        """Write the value into the field, as soon as it can be written there, and read it back."""
        self._alive()
        given = Given(field, value, hides, sends)
        writing = Writing(given, by_keys=by_keys)
        try:
            await self._write(writing)
        except PageAsksError:
            if not writing.may_have_sent:
                raise  # else it asks because of that
        others = tuple(one for one in self._given if one.field != field)
        self._given = () if sends else (*others, given)

    async def press(self, control: str, key: str) -> None:
        """Press the control or the key, as soon as the page is whole and it can be pressed; never twice."""
        self._alive()
        await self._be_whole()

        async def ask() -> object:
            if not self.bounds.may_visit(self.facts.address):
                return "origin"
            script = scripts.press(control, key, self.bounds.visits, expected=bool(self._given))
            return await self._world.run(script, as_by_hand=True)  # a window that it opens is wanted

        what = f"The control {control or key}"
        if not await self._press(what, ask, may_mend=bool(self._given)):
            for given in self._given:  # the page has emptied a field after all; nothing was pressed yet
                await self._write(Writing(given, check=True))
            await self._press(what, ask, may_mend=False)
        if key != "Tab":  # which only goes on to the next field
            self._given = ()

    def last_seen(self) -> str:
        """Say what is in front now: host, path and title."""
        return self.facts.last_seen

    async def document_now(self, words_at: str = "") -> DocumentNow:
        """Say which document is there, and the words of the element at a selector in it."""
        self._alive()
        here = self.bounds.may_visit(self.facts.address)
        try:
            async with asyncio.timeout(LEAVE_WITHIN_S):
                untrusted = await self._not_ended(self._world.run(scripts.now(words_at if here else "")))
        except TimeoutError:
            untrusted = None
        return DocumentNow.read(untrusted)

    async def answered(self) -> None:
        """Return once the page waits for no answer in a window of its own."""
        await self.messages.answered()

    def answer_basic(self, user_name: str, password: Secret) -> None:
        """Have an answer ready for one challenge."""
        self._basic = (user_name, password)
        self._answered = False
        self.facts = replace(self.facts, basic_refused=False)

    def basic_refused(self) -> bool:
        """Say whether the server challenged again after our answer."""
        return self.facts.basic_refused

    def present_certificate(self, certificate: AnyCertificate) -> None:
        """Present none: the check of the catalogue lets no entry come here with one."""

    def certificate_refused(self) -> bool:
        """Say that nobody refused what was not presented."""
        return False

    def carry_token(self, token: Secret) -> None:
        """Put the token on the page's fetches to the token origin until replaced."""
        self._start(self._gate.carry(token))

    async def callback(self, prefix: str, within_s: float) -> str | None:
        """Return the first navigation that starts with ``prefix``, which is not carried out, or None."""
        self._alive()
        if self._refused and begins(self._refused, prefix):
            refused, self._refused = self._refused, ""
            self._clear_fault()
            return refused
        taken: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._callback = (prefix, taken)
        await asyncio.wait({taken}, timeout=within_s)
        if taken.done():
            return taken.result()
        self._callback = None
        return None

    def officer_typed_hidden(self) -> bool:
        """Say whether the officer typed where it may have been a password, in any document of this page."""
        return self.facts.typed_hidden

    def officer_acts(self) -> int:
        """Count the officer's own key presses, clicks and touches in this page so far."""
        return self.facts.acts

    def followed(self) -> Followed:
        """Return the link that the officer has followed last, within the system."""
        return self.facts.followed

    # --- inside

    def _requested(self, untrusted: Values) -> None:
        match untrusted:
            case {"frameId": ident, "reason": "anchorClick", "url": str(url), "disposition": "currentTab"}:
                if ident == self._line.page_id and self.acted_lately and self.bounds.may_visit(url):
                    followed = Followed(self.facts.followed.number + 1, url, self.facts.address)
                    self.facts = replace(self.facts, followed=followed)

    async def _document_left(self) -> str:
        """Learn the id of the document that is there, so that it is not taken for the next one."""
        if self.facts.crashed or self.facts.address in ("", BLANK):
            return "none"
        try:
            async with asyncio.timeout(LEAVE_WITHIN_S):
                untrusted = await self._not_ended(self._world.run(scripts.document_id()))
        except TimeoutError:
            return "none"
        return untrusted if isinstance(untrusted, str) and untrusted else "none"

    async def _go(self, url: str, left: str) -> None:
        answer = await self._line.ask("Page.navigate", {"url": url})
        error = answer.get("errorText")
        if isinstance(error, str) and error not in ("", net_errors.ABORTED):
            # Nothing of the browser's own pages stays in front.
            self._line.tell("Page.navigate", {"url": BLANK})
            raise net_errors.fault_of(host_of(url), error)
        status = 0

        def judge(untrusted: object) -> bool:
            nonlocal status
            seen = scripts.DocumentSeen.read(untrusted)
            if seen is None or seen.id in ("", left) or seen.address == BLANK or not seen.ready:
                return False
            status = seen.status
            return True

        await self._until(lambda: self._world.run(scripts.document()), judge, LOAD_S)
        if status >= 500:
            raise faults.answered(self.facts.host, status, self.retry_after)

    async def _be_whole(self) -> None:
        waited_for = ""

        def judge(untrusted: object) -> bool:
            nonlocal waited_for
            seen = scripts.DocumentSeen.read(untrusted)
            if seen is None:
                return False
            if seen.whole or seen.id == self._never_whole:
                return True
            waited_for = waited_for or seen.id  # the first: one that came later was not waited for as long
            return False

        if not await self._until(lambda: self._world.run(scripts.document()), judge, PARTS_WITHIN_S):
            self._never_whole = waited_for or self._never_whole

    async def _write(self, writing: Writing) -> None:
        fills = frozenset(filter(is_private, self.bounds.fills))
        strikes: list[tuple[str, str]] = []

        async def ask() -> object:
            struck = tuple(strikes)
            strikes.clear()
            if not self.bounds.may_fill(self.facts.address):
                return "origin"
            if not await self._strike(struck):
                raise self._field_fault(f"The field {writing.given.field}", "beside")
            return await self._world.run(writing.script(fills)) if self._world.is_there else None

        def judge(untrusted: object) -> bool:
            match writing.heard(untrusted):
                case "done":
                    return True
                case "origin":
                    raise faults.wrong_origin(self.facts.address)
                case "type":
                    strikes.extend((character, character) for character in writing.given.value.reveal())
                    self._woken.set()
                case "ask-for-keys":
                    strikes.append(("F24", ""))
                    self._woken.set()
                case "again":
                    self._woken.set()
                case "wait":
                    pass
            return False

        filled = await self._until(ask, judge, FILL_WITHIN_S)
        if not filled and writing.word == SILENT:
            filled = await self._until(ask, judge, SILENT_S)
        if not filled:
            raise self._field_fault(f"The field {writing.given.field}", writing.word)

    async def _strike(self, strikes: Sequence[tuple[str, str]]) -> bool:
        """Press figures' keys without a code, as no keyboard has them: by this js/watch.js knows ours.

        False, and no further key, where there is a frame of another origin: that guard does not stand in all of them,
        and it may take the focus at any moment. A page that stands still is not waited for: keys that come too late go
        nowhere.
        """
        with suppress(TimeoutError, AskRefusedError):
            async with asyncio.timeout(LOST_S):
                for key, text in strikes:
                    if await self._has_strange_frames():
                        return False
                    values = {"key": key, "isKeypad": True}
                    down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
                    await self._line.ask("Input.dispatchKeyEvent", {**down, **values})
                    await self._line.ask("Input.dispatchKeyEvent", {"type": "keyUp", **values})
        return True

    async def _has_strange_frames(self) -> bool:
        answer = await self._line.ask("Target.getTargets", page=False)
        untrusted = answer.get("targetInfos")
        targets = untrusted if isinstance(untrusted, list) else []
        if any(isinstance(one, dict) and one.get("type") == "iframe" for one in targets):
            return True
        answer = await self._line.ask("Page.getFrameTree")
        trees = [answer.get("frameTree")]
        for tree in trees:
            inside = tree.get("childFrames") if isinstance(tree, dict) else None
            trees.extend(inside if isinstance(inside, list) else ())
        frames = [tree.get("frame") for tree in trees[1:] if isinstance(tree, dict)]
        urls = [str(frame.get("url") or "about:blank") for frame in frames if isinstance(frame, dict)]
        return any(is_strange(url, self.facts.address) for url in urls)

    async def _press(self, what: str, ask: Callable[[], Awaitable[object]], *, may_mend: bool) -> bool:
        """Press; False where a field that was filled is empty: nothing was pressed. A lost answer may be a press."""
        last, mend = "silent", False

        def judge(untrusted: object) -> bool:
            nonlocal last, mend
            if untrusted == "pressed" or not isinstance(untrusted, str):
                return True
            if untrusted == "origin":
                raise faults.wrong_origin(self.facts.address)
            last = untrusted
            mend = may_mend and untrusted == "refused"
            if untrusted in ("refused", "replaced") and not mend:  # what was filled is gone: waiting brings it not back
                raise self._field_fault(what, last)
            return mend

        if not await self._until(ask, judge, FILL_WITHIN_S):
            raise self._field_fault(what, last)
        return not mend

    def _raise_met(self) -> None:
        """Raise the fault that the page has met, once what it shows beside it was looked at."""
        if self._met is not None and asyncio.get_running_loop().time() - self._met[1] >= SHOWS_MS / 1000:
            fault, _ = self._met
            self._clear_fault()  # it is said by who looked
            raise fault

    def _field_fault(self, what: str, untrusted_word: str) -> FieldFault:
        return FieldFault(f"{what} {said(untrusted_word)}.", detail=self.facts.last_seen)
