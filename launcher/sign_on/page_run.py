"""Carries a recipe of pages out against a page: signing on, changing the password.

What was there already when something was pressed counts only once another document has come, or once it had gone in
between: the page that was filled stands there until the answer comes, and is no refusal. A form that its page itself
has sent, and that asks again in the same document, has come back too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from launcher.identity.proof import Stopwatch
from launcher.recipes.pages import Page, pressed
from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import DocumentNow, FieldFault, WebDriver
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.runner import PROMPT_SAYS, SETTLE_S
from launcher.sign_on.stage_run import PasswordChanged, StageWalk, outcome_of
from launcher.sign_on.stages import StageSeen, begin
from launcher.sign_on.trace import Trace

BETWEEN_S: Final = 0.25
"""How often it is asked whether another document has come, while what is looked for stands there already."""
EMPTY_S: Final = 3.0
"""A form that has stood there so long without what was filled in asks for it anew."""
LAST_S: Final = SETTLE_S + 2 * BETWEEN_S
"""So long before a look ends what stands there counts."""

_NEVER_LOOKED_FOR: Final = frozenset({"signed-off"})
"""A system shows it before a logon as well as after one."""
_PROMPT: Final = "the provider's page"


async def sign_on_pages(
    driver: WebDriver,
    pages: Sequence[Page],
    values: Values,
    *,
    within_s: float,
    prompts: Sequence[Place] = (),
    watch: Stopwatch | None = None,
    trace: Trace | None = None,
) -> SignOnOutcome:
    """Go from the page that is there to one that proves something, within ``within_s``. Raises what the driver does.

    ``prompts``: where a person is asked on the way; it counts only if it stays.
    """
    asked = [_prompt(number, place) for number, place in enumerate(prompts)]
    names = tuple(page.name for page in asked)
    run_of = [_leads_to(page, names) for page in pages if page.means not in _NEVER_LOOKED_FOR] + asked
    run, effect = begin(run_of, within_s, anywhere=True)
    verbs = PageVerbs(driver, run_of, passed=names)
    outcome = outcome_of(await StageWalk[Page](verbs, values, within_s, watch, trace).to_the_end(run, effect))
    return replace(outcome, prompted=outcome.at in names)


async def change_password_on_pages(
    driver: WebDriver,
    pages: Sequence[Page],
    values: Values,
    *,
    within_s: float,
    watch: Stopwatch | None = None,
    trace: Trace | None = None,
    keep: Callable[[], Awaitable[None]] | None = None,
) -> PasswordChanged:
    """Go from the page that asks for a new password to one that means changed, within ``within_s``.

    ``keep`` is called before a field is given it, and what it raises is raised: the system has nothing then. Raises
    what the driver does, unless the system may have the new password by then: nobody knows then.
    """
    run, effect = begin(pages, within_s, anywhere=True)
    walk = StageWalk[Page](PageVerbs(driver, pages), values, within_s, watch, trace, keep)
    return await walk.change_password(run, effect)


class PageVerbs:
    """A page's driver as a recipe of stages takes it. ``passed``: names of pages that count only if they stay.

    ``by_hand``: the officer goes the way, and what it meets is theirs.
    """

    def __init__(
        self, driver: WebDriver, pages: Sequence[Page], *, passed: Sequence[str] = (), by_hand: bool = False
    ) -> None:
        self._driver = driver
        self._or_fault = not by_hand
        self._pages = tuple(pages)
        self._passed = frozenset(passed)
        self._stood: set[str] = set()
        """The pages that stood there when something was pressed, and have not gone since."""
        self._document = ""
        """The document that it was pressed in."""
        self._emptied_s: float | None = None
        """Since when the form that was sent stands there empty."""
        self._secrets: dict[Secret, None] = {}

    async def hold(self, beside: Page | None = None) -> None:
        """Note what stands there now: it counts from another document on, or once it had gone.

        ``beside``: only what stands there together with this page, which may be on its way out by now.
        """
        self._document = (await self._driver.document_now()).id
        self._stood = set()
        self._emptied_s = None
        rest = self._pages
        while rest and (seen := await self._driver.first_of([page.place for page in rest], 0.0)) is not None:
            self._stood.add(rest[seen.index].name)
            rest = rest[seen.index + 1 :]
        if beside is not None and await self._has_gone(beside):
            self._stood = set()

    async def first_of(self, stages: Sequence[Page], within_s: float) -> StageSeen | None:
        """Return the first page shown, or None at the deadline."""
        clock = asyncio.get_running_loop().time
        ends = clock() + within_s
        while True:
            left_s = max(0.0, ends - clock())
            stood = [page for page in stages if page.name in self._stood]
            fresh = [index for index, page in enumerate(stages) if page not in stood]
            look_s = min(left_s, BETWEEN_S) if stood else left_s
            seen = await self._driver.first_of(
                [stages[index].place for index in fresh], look_s, or_fault=self._or_fault
            )
            if seen is not None:
                index = fresh[seen.index]
                told = (
                    await self._stays(stages, index)
                    if stages[index].name in self._passed
                    else await self._told(stages[index], index, seen.last_seen)
                )
                if told is not None:
                    return told
            if clock() >= ends:
                return None
            if seen is None:
                await self._look_whether_gone(stood, last=ends - clock() <= LAST_S)

    async def fill(self, stage: Page, index: int, value: Secret) -> bool:
        """Fill a field of the page, which is read back."""
        fill = stage.fill[index]
        sends = not stage.press and index == len(stage.fill) - 1
        if sends:
            await self.hold()  # nothing is pressed: the page goes on by itself once it is filled
        try:
            await self._driver.fill(fill.field, value, hides=fill.hides, by_keys=fill.by == "keys", sends=sends)
        except FieldFault:
            if index == 0 and await self._has_gone(stage):
                return False
            raise
        return True

    async def press(self, stage: Page) -> bool:
        """Press what the page names."""
        await self.hold()
        control, key = pressed(stage)
        try:
            await self._driver.press(control, key)
        except FieldFault:
            if not stage.fill and await self._has_gone(stage):
                return False
            raise
        return True

    def hides(self, value: Secret, *, is_name: bool) -> None:
        """Leave this out of the system's own words."""
        if not is_name:
            self._secrets[value] = None

    def last_seen(self) -> str:
        """Say what is in front now: host, path and title."""
        return self._driver.last_seen()

    async def _stays(self, stages: Sequence[Page], index: int) -> StageSeen | None:
        """Return what a page that may be passed through leads to, or itself where it stays; None: neither yet."""
        others = [number for number, page in enumerate(stages) if page.name not in self._passed]
        seen = await self._driver.first_of(
            [stages[number].place for number in others], SETTLE_S, or_fault=self._or_fault
        )
        if seen is not None:
            return await self._told(stages[others[seen.index]], others[seen.index], seen.last_seen)
        last_seen = self._driver.last_seen()
        return None if await self._has_gone(stages[index]) else StageSeen(index, last_seen)

    async def _told(self, page: Page, index: int, last_seen: str) -> StageSeen:
        words = ""
        if page.says_at:
            words = (await self._driver.document_now(page.says_at)).words
            for secret in self._secrets:
                words = words.replace(secret.reveal(), "…")
        return StageSeen(index, last_seen, words)

    async def _look_whether_gone(self, stood: Sequence[Page], *, last: bool) -> None:
        now = await self._driver.document_now()
        if (now.id and now.id != self._document) or self._asks_again(now, last=last):
            self._stood = set()
            return
        for page in stood:
            if await self._has_gone(page):
                self._stood.discard(page.name)

    def _asks_again(self, now: DocumentNow, *, last: bool) -> bool:
        """Say whether a form that was sent asks anew; ``last``: it had all its time, and nothing has come of it.

        A page may show its form once more while it loads what comes next: an empty one has to stay for a while, and
        one as it was sent until the end.
        """
        if now.asks_again != "emptied":
            self._emptied_s = None
            return last and now.asks_again == "stands"
        clock_s = asyncio.get_running_loop().time()
        self._emptied_s = clock_s if self._emptied_s is None else self._emptied_s
        return last or clock_s - self._emptied_s >= EMPTY_S

    async def _has_gone(self, page: Page) -> bool:
        return await self._driver.first_of([page.place], 0.0) is None


def _prompt(number: int, place: Place) -> Page:
    asks = Page(name="asks", means="notice", says=PROMPT_SAYS, selector=place.selector, url=place.url)
    return asks.model_copy(update={"name": f"{_PROMPT} {number + 1}"})  # no entry has a name with spaces


def _leads_to(page: Page, names: tuple[str, ...]) -> Page:
    """A provider may be met behind any page that leads on."""
    return page if page.means or not names else page.model_copy(update={"next": (*page.next, *names)})
