"""One-time codes: right by RFC 6238, and each given out once."""

from __future__ import annotations

import asyncio

import pytest

from launcher.grants.errors import OneTimeSeedFaultyError
from launcher.grants.one_time import OneTimeCodes, check_seed, used
from launcher.secret import Secret

SEED = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")  # the seed of RFC 6238, appendix B
EIGHT_DIGITS = Secret(f"otpauth://totp/Force:alice?secret={SEED.reveal()}&digits=8&issuer=Force")


class Clock:
    """A wall clock that sleeping moves on."""

    def __init__(self, now_s: float) -> None:
        self.now_s = now_s
        self.longest_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.longest_s = max(self.longest_s, seconds)
        before = self.now_s
        await asyncio.sleep(0)
        self.now_s = max(self.now_s, before + seconds)


async def free(_: int) -> bool:
    return True


@pytest.mark.parametrize(
    ("now_s", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_the_codes_are_those_of_the_standard(now_s: int, code: str) -> None:
    async def story() -> None:
        codes = OneTimeCodes(Clock(now_s))
        assert await codes.next(EIGHT_DIGITS, free) == Secret(code)

    asyncio.run(story())


def test_a_used_code_is_waited_for_by_the_wall_clock_and_how_long_is_said() -> None:
    async def story() -> None:
        clock, said = Clock(1_790_000_005), list[float]()
        codes = OneTimeCodes(clock, clock.sleep)
        await codes.until_free(SEED, None, said.append)
        first = await codes.next(SEED, free)
        assert said == []
        start = clock.now_s
        await codes.until_free(SEED, None, said.append)
        second = await codes.next(SEED, free)
        assert second != first
        assert said == [pytest.approx(30 - start % 30)]
        assert clock.now_s % 30 == pytest.approx(0)
        assert clock.longest_s <= 1  # a suspended computer wakes up to a later clock

    asyncio.run(story())


def test_many_who_ask_at_once_never_get_the_same_code() -> None:
    async def story() -> None:
        clock = Clock(1_790_000_005)
        codes = OneTimeCodes(clock, clock.sleep)
        got = await asyncio.gather(*(codes.next(SEED, free) for _ in range(5)))
        assert len(set(got)) == 5

    asyncio.run(story())


def test_the_same_seed_written_otherwise_is_the_same_seed() -> None:
    async def story() -> None:
        clock = Clock(1_790_000_005)
        codes = OneTimeCodes(clock, clock.sleep)
        uri = Secret(f"otpauth://totp/alice?secret={SEED.reveal()}")
        spaced = Secret("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ ")
        got = [await codes.next(seed, free) for seed in (SEED, uri, spaced)]
        assert len(set(got)) == 3

    asyncio.run(story())


def test_a_code_claimed_elsewhere_is_waited_for() -> None:
    async def story() -> None:
        clock, asked = Clock(1_790_000_005), list[int]()

        async def claim(period: int) -> bool:
            asked.append(period)
            return len(asked) > 1

        await OneTimeCodes(clock, clock.sleep).next(SEED, claim)
        assert asked[1] == asked[0] + 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("period", "last", "is_used"),
    [(10, None, False), (10, 9, False), (10, 10, True), (10, 11, True), (10, 12, True), (10, 13, False)],
)
def test_which_periods_are_used(period: int, last: int | None, is_used: bool) -> None:
    assert used(period, last) is is_used


@pytest.mark.parametrize("text", ["GEZD gnbv GY3T qojq", "otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQ&issuer=Cases"])
def test_a_seed_is_taken_as_systems_give_it_out(text: str) -> None:
    check_seed(Secret(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GEZDGNBV",
        "not base32!",
        "otpauth://totp/alice",
        f"otpauth://hotp/alice?secret={SEED.reveal()}&counter=1",
        f"otpauth://totp/alice?secret={SEED.reveal()}&period=0",
        f"otpauth://totp/alice?secret={SEED.reveal()}&period=never",
        f"otpauth://totp/alice?secret={SEED.reveal()}&period=300",
        f"otpauth://totp/alice?secret={SEED.reveal()}&digits=60",
    ],
)
def test_what_is_no_seed_is_said_without_showing_it(text: str) -> None:
    with pytest.raises(OneTimeSeedFaultyError) as refused:
        check_seed(Secret(text))

    assert SEED.reveal() not in f"{refused.value!r} {refused.value.detail}"
