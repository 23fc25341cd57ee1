"""The step language: what a recipe may say."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from launcher.recipes.steps import AnyStep, Expect, Fill, Marker, Place, Press, Recipe, Wait

STEP: TypeAdapter[AnyStep] = TypeAdapter(AnyStep)


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ({"do": "wait", "selector": "#a"}, Wait(selector="#a")),
        ({"do": "wait", "text": " READY ", "within_s": 3}, Wait(text="READY", within_s=3)),
        ({"do": "wait", "text": "b", "absent": "#a"}, Wait(text="b", absent="#a")),
        ({"do": "fill", "field": "#a", "value": "{username}"}, Fill(field="#a", value="{username}")),
        ({"do": "press", "control": "#a"}, Press(control="#a")),
        ({"do": "press", "key": "Enter"}, Press(key="Enter")),
        ({"do": "expect"}, Expect()),
        ({"do": "expect", "next": {"url": "https://a"}}, Expect(next=Place(url="https://a"))),
    ],
)
def test_steps_are_read_as_they_are_written(written: dict[str, object], step: AnyStep) -> None:
    assert STEP.validate_python(written) == step
    assert Recipe.model_validate({"steps": [written]}).steps == (step,)


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"do": "eval", "value": "x"},
        {"do": "wait"},
        {"do": "wait", "selector": ""},
        {"do": "wait", "absent": "#a"},
        {"do": "wait", "selector": "#a >>> "},
        {"do": "wait", "text": "b", "absent": ">>> #a"},
        {"do": "fill", "field": "#a >>> >>> #b", "value": "x"},
        {"do": "press", "control": "#a >>>"},
        {"do": "wait", "selector": "#a", "within_s": 0},
        {"do": "wait", "selector": "#a", "within_s": 301},
        {"do": "fill", "field": "#a"},
        {"do": "fill", "field": "#a", "value": "{passwort}"},
        {"do": "fill", "field": "#a", "value": "{subject.}"},
        {"do": "press"},
        {"do": "press", "control": "#a", "key": "Enter"},
        {"do": "press", "key": "F1"},
        {"do": "expect", "next": {}},
        {"do": "wait", "selector": "#a", "script": "x"},
    ],
)
def test_steps_that_are_refused(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        STEP.validate_python(written)


def test_waits_and_markers_give_a_driver_their_place() -> None:
    place = Place(selector="#a", text="b", url="https://c", absent="#d")
    assert Wait(selector="#a", text="b", url="https://c", absent="#d").place == place
    assert Marker(means="ready", selector="#a", text="b", url="https://c", absent="#d").place == place


def test_only_what_means_failed_says_what_was_refused() -> None:
    assert Marker(means="failed", selector="#a", refused="code").refused == "code"
    with pytest.raises(ValidationError, match="refused is for what means failed"):
        Marker(means="ready", selector="#a", refused="code")


def test_a_fill_knows_its_placeholders() -> None:
    assert Fill(value="FORCE\\{username}/{password}{otp}{subject.name}").names == {
        "username",
        "password",
        "otp",
        "subject.name",
    }
    assert Fill(value="fixed").names == frozenset()


def test_steps_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Press(key="Enter").key = "Tab"  # type: ignore[misc]
