"""The screens of a terminal: what a recipe may say."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from launcher.recipes.screens import Screen, ScreenFill, TextAt

ON = {"name": "logon", "text": ["LOGON"], "press": "Enter", "next": ["menu"]}
MENU = {"name": "menu", "text": ["MENU"], "means": "ready"}


@pytest.mark.parametrize(
    "written",
    [
        ON,
        MENU,
        {"name": "a-1", "before_cursor": "Password:", "fill": [{"value": "{password}"}], "next": ["menu"]},
        {"name": "a", "at": [{"text": "X", "row": 1, "column": 2}, {"text": "Y", "row": 3}], "means": "notice"},
        {"name": "a", "inputs": 0, "press": "Clear", "next": ["a"]},
        {"name": "any", "press": "PF3", "next": ["any", "menu"]},
    ],
)
def test_screens_are_read_as_they_are_written(written: dict[str, object]) -> None:
    screen = Screen.model_validate(written)
    assert screen.name == written["name"]
    assert pickle.loads(pickle.dumps(screen)) == screen  # noqa: S301 - our own bytes
    assert hash(screen) == hash(Screen.model_validate(written))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "Log on"}, "name"),
        ({"means": "signed-on"}, "means"),
        ({"means": "ready"}, "leave fill, press and next out"),
        ({"press": ""}, "presses a key or fills something"),
        ({"within_s": 0}, "within_s"),
        ({"refused": "code"}, "refused is for what means failed"),
        ({"within_s": 301}, "within_s"),
        ({"at": [{"text": "X", "column": 2}]}, "a column needs its row"),
        ({"at": [{"text": "X", "row": 0}]}, "row"),
        ({"at": [{"text": ""}]}, "text"),
        ({"fill": [{"value": "{passwort}"}]}, "{passwort} is not a value"),
        ({"fill": [{"value": "x", "row": 1}]}, "give row and column together"),
        ({"fill": [{"value": "x", "label": "A", "input": 1}]}, "give one of label, row and column, or input"),
        ({"fill": [{"value": "x", "label": "A", "row": 1, "column": 1}]}, "give one of"),
        ({"fill": [{"value": "{password}"}] * 2}, "is given {password} once"),
        ({"fill": [{"value": "{password}"}], "next": ["menu", "logon"]}, "may not be its own next"),
        ({"fill": [{"value": "{otp}"}], "next": ["logon"]}, "may not be its own next"),
        ({"text": [" "]}, "text"),
        ({"absent": [""]}, "absent"),
        ({"script": "x"}, "script"),
    ],
)
def test_screens_that_are_refused(change: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Screen.model_validate(ON | change)
    assert fault in str(refused.value)


def test_a_screen_without_a_secret_may_be_its_own_next() -> None:
    assert Screen.model_validate(ON | {"next": ["logon", "menu"]}).next == ("logon", "menu")


def test_a_fill_knows_its_values_and_which_of_them_are_passwords() -> None:
    fill = ScreenFill(value="LOGON {username} {password}")
    assert fill.names == {"username", "password"}
    assert fill.hides
    assert ScreenFill(value="{new_password}").hides
    assert not ScreenFill(value="{username}{otp}").hides
    screen = Screen(name="a", text=("A",), next=("b",), fill=(fill, ScreenFill(value="{otp}"), ScreenFill(value="1")))
    assert screen.secrets == {"password", "otp"}


def test_a_screen_that_names_nothing_would_be_any() -> None:
    assert Screen(name="any", press="PF3", next=("b",)).recognised_by_nothing
    assert not Screen(name="a", press="PF3", next=("b",), at=(TextAt(text="A"),)).recognised_by_nothing
    assert not Screen(name="a", press="PF3", next=("b",), absent=("A",)).recognised_by_nothing
    assert not Screen(name="a", press="PF3", next=("b",), inputs=0).recognised_by_nothing
