"""The pages of a logon: what a recipe may say."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from launcher.recipes.pages import Page, PageFill, pressed
from launcher.recipes.steps import Marker, Place

ON = {"name": "logon", "selector": "#name", "press": "#go", "next": ["home"]}
HOME = {"name": "home", "selector": "#main", "means": "ready"}


@pytest.mark.parametrize(
    "written",
    [
        ON,
        HOME,
        {"name": "a-1", "text": "News", "absent": "#name", "press": "Enter", "next": ["a-1", "home"]},
        {"name": "a", "url": "https://a.example/", "fill": [{"field": "#code", "value": "{otp}"}], "next": ["home"]},
        {"name": "a", "selector": "logon-box >>> #no", "means": "failed", "says_at": "#frame >>> .no"},
    ],
)
def test_pages_are_read_as_they_are_written(written: dict[str, object]) -> None:
    page = Page.model_validate(written)
    assert page.name == written["name"]
    assert pickle.loads(pickle.dumps(page)) == page  # noqa: S301 - our own bytes
    assert hash(page) == hash(Page.model_validate(written))
    assert not page.recognised_by_nothing


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"name": "Log on"}, "name"),
        ({"selector": ""}, "give a selector, a text or a url"),
        ({"means": "logon"}, "means"),
        ({"means": "notice"}, "leave fill, press and next out"),
        ({"press": ""}, "presses something or fills something"),
        ({"within_s": 0}, "within_s"),
        ({"says_at": "#said"}, "says_at is for a page that proves something"),
        ({"refused": "code"}, "refused is for what means failed"),
        ({"fill": [{"value": "x"}]}, "field"),
        ({"fill": [{"field": "", "value": "x"}]}, "field"),
        ({"fill": [{"field": "a >>>", "value": "x"}]}, "a selector stands on both sides of >>>"),
        ({"press": ">>> a"}, "a selector stands on both sides of >>>"),
        ({"fill": [{"field": "#a", "value": "{subject.name}"}]}, "{subject.name} is not a value"),
        ({"fill": [{"field": "#a", "value": "x", "by": "hand"}]}, "by"),
        ({"fill": [{"field": "#a", "value": "{password}"}] * 2}, "is given {password} once"),
        ({"fill": [{"field": "#a", "value": "{otp}"}], "next": ["logon"]}, "may not be its own next"),
        ({"script": "x"}, "script"),
    ],
)
def test_pages_that_are_refused(change: dict[str, object], fault: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Page.model_validate(ON | change)
    assert fault in str(refused.value)


def test_a_page_is_a_place_and_where_it_proves_something_a_marker() -> None:
    home = Page.model_validate(HOME | {"absent": "#name", "says": "In."})
    assert home.place == Place(selector="#main", absent="#name")
    assert home.marker == Marker(means="ready", selector="#main", absent="#name", says="In.")
    assert Page.model_validate(ON).marker is None
    assert Page.model_validate(HOME | {"means": "changed"}).marker is None


def test_what_is_pressed_is_a_control_or_a_key() -> None:
    assert pressed(Page.model_validate(ON)) == ("#go", "")
    assert pressed(Page.model_validate(ON | {"press": "Enter"})) == ("", "Enter")


def test_a_fill_knows_which_values_are_secrets() -> None:
    assert PageFill(field="#a", value="{new_password}").hides
    assert not PageFill(field="#a", value="{username}").is_secret
    assert Page.model_validate(ON | {"fill": [{"field": "#a", "value": "{username}{otp}"}]}).secrets == {"otp"}
