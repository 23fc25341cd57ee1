"""What is a selector, as far as the check of the catalogue can say."""

from __future__ import annotations

import pytest

from launcher.recipes.selectors import selector_fault, selector_parts

SOUND = (
    "#logon",
    'form .field > input[name="user"]',
    "input[name=user]:not([type=hidden]), button",
    'a[href$="/x]"] + b ~ c',
    r"#a\.b",
    r".\31 st",
    "*|*",
    "li:nth-child(2n+1)",
    """[data-x='it"s']""",
    ":is(.a, .b:has(> c))",
    ":host([on]) ::slotted(*)",
    "überschrift",
    "a::part(x-1)",
)


@pytest.mark.parametrize("selector", SOUND)
def test_what_engines_read_passes(selector: str) -> None:
    assert selector_fault(selector) == ""


@pytest.mark.parametrize(
    ("selector", "why"),
    [
        ("#no[", "[ is not closed"),
        ("a)", ") closes nothing"),
        ("a[b(]", "] closes nothing"),
        ("a[x='y]", "' is not closed"),
        ('a "b"', "outside of brackets"),
        ("//input[@name='x']", "/ stands in none"),
        ("text=Log on", "= stands in none"),
        ("#1st", "a name follows #"),
        (".", "a name follows ."),
        ("a..b", "a name follows ."),
        ("a, ", "missing at a comma"),
        ("> a", "missing at a comma"),
        ("a > > b", "missing at a comma"),
        ("a,, b", "missing at a comma"),
    ],
)
def test_what_engines_throw_at_is_said(selector: str, why: str) -> None:
    assert why in selector_fault(selector)


def test_each_part_of_a_deep_selector_is_one() -> None:
    assert selector_parts("#box >>> .a[b]") == ("#box", ".a[b]")
    with pytest.raises(ValueError, match="is no selector"):
        selector_parts("#box >>> .a[b")
