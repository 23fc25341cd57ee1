"""What may be a PIN."""

from __future__ import annotations

import pytest

from launcher.secret import Secret
from launcher.session.pin import PinChanges, PinTooSimple, PinWrong, check_pin, same_pin, wrong_pin


@pytest.mark.parametrize("clear", ["204918", "112233", "135790", "908172", "000001"])
def test_an_officers_own_choice_is_taken(clear: str) -> None:
    check_pin(Secret(clear), 6, "4471")


@pytest.mark.parametrize(
    "clear",
    [
        "",
        "20491",
        "2049180",
        "20491a",
        "20 918",
        "٢٠٤٩١٨",  # digits, but not of this keyboard
        "777777",
        "123456",
        "567890",
        "890123",
        "654321",
        "210987",
        "447100",
        "004471",
        "944715",
    ],
)
def test_what_is_guessed_first_is_refused(clear: str) -> None:
    with pytest.raises(PinTooSimple) as refused:
        check_pin(Secret(clear), 6, "4471")
    assert clear not in str(refused.value) or not clear


def test_the_officers_number_is_refused_whatever_stands_round_its_digits() -> None:
    with pytest.raises(PinTooSimple):
        check_pin(Secret("4471"), 4, "PC 4471")
    with pytest.raises(PinTooSimple):
        check_pin(Secret("2049"), 4, "F-12049")
    check_pin(Secret("204718"), 6, "47")  # a number of two digits is in too many


def test_only_the_same_pin_is_the_same() -> None:
    assert same_pin(Secret("204918"), Secret("204918"))
    for other in ("204919", "20491", "2049180", "", "٢٠٤٩١٨"):
        assert not same_pin(Secret("204918"), Secret(other))


@pytest.mark.parametrize(("left", "said"), [(2, "2 more tries"), (1, "one more try"), (0, "any more")])
def test_a_wrong_pin_says_how_many_tries_are_left(left: int, said: str) -> None:
    assert said in wrong_pin(left).message


def test_a_pin_that_is_set_opens_its_own_change_and_only_three_times_tried() -> None:
    changes = PinChanges(6, "4471")
    none, first, second = Secret(""), Secret("204918"), Secret("730265")
    assert changes.changed(None, first, none) == first
    assert changes.changed(first, second, first) == second
    assert changes.changed(second, none, second) is None
    for _ in range(3):
        with pytest.raises(PinWrong):
            changes.changed(second, first, none)
    with pytest.raises(PinWrong, match="any more"):
        changes.changed(second, first, second)
    changes.proved_again()
    assert changes.changed(second, first, second) == first


def test_who_sits_at_an_unlocked_terminal_may_not_take_the_pin_back_either() -> None:
    with pytest.raises(PinWrong):
        PinChanges(6, "4471").changed(Secret("204918"), Secret(""), Secret(""))
