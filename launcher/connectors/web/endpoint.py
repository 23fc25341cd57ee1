"""A system that is signed on to by one request out of the browser, whose cookies the page then has: ``[web.endpoint]``.

The request goes to one of the entry's own origins, over https, and is never led on to another address: what is posted
holds the officer's password.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, JsonValue, model_validator

from launcher.addresses import address_fault
from launcher.catalogue.entry import Entry, Spec
from launcher.connectors.plan import WebEndpoint
from launcher.connectors.recipe_rules import CREDENTIAL_VALUES
from launcher.policy.toml_faults import refuse
from launcher.policy.toml_text import Fault
from launcher.recipes.steps import ANY_PLACEHOLDER

MOST_FIELDS = 50


class EndpointSpec(Spec):
    """Where the officer is signed on out of the browser, and what proves it."""

    url: str = Field(description="The address that takes the logon, on one of the entry's own origins.")
    method: Literal["POST", "PUT"] = Field(default="POST", description="How it is sent there.")
    fields: dict[str, str] = Field(
        default_factory=dict,
        max_length=MOST_FIELDS,
        description='Sent as a form, e.g. { user = "{username}", pass = "{password}" }; {otp} where otp = true.',
    )
    body: dict[str, JsonValue] = Field(
        default_factory=dict, max_length=MOST_FIELDS, description="Sent as JSON instead, with the same placeholders."
    )
    cookies: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        description="Names of the cookies that the answer must bring, and that the page is given; empty: all, and at "
        "least one.",
    )
    ready_status: tuple[int, ...] = Field(
        default=(200, 201, 204, 302, 303), min_length=1, description="The answers' HTTP status when it was accepted."
    )
    ready_text: str = Field(default="", max_length=200, description="The answer must hold this text as well.")
    failed_status: tuple[int, ...] = Field(
        default=(401, 403), description="The status when the name or password was refused."
    )
    failed_text: str = Field(default="", max_length=200, description="An answer with this text refuses it too.")
    says: str = Field(default="", max_length=200, description="Words for the officer when it was refused.")

    @model_validator(mode="after")
    def _sound(self) -> EndpointSpec:
        wrong: list[tuple[str, str]] = []
        if (fault := address_fault(self.url)) is not None:
            wrong.append(("url", fault))
        if bool(self.fields) == bool(self.body):
            wrong.append(("url", "an endpoint needs either fields (a form) or body (JSON)"))
        for key, texts in (("fields", self.fields.values()), ("body", _texts(self.body))):
            names = _names(texts)
            wrong += [
                (key, f"{{{name}}} is not a value; known are username, password, otp")
                for name in sorted(names - CREDENTIAL_VALUES)
            ]
        if (self.fields or self.body) and "password" not in self.names:
            wrong.append(("fields" if self.fields else "body", "nothing takes {password}"))
        wrong += [
            ("ready_status", f"{status} cannot be accepted and refused at once")
            for status in self.ready_status
            if status in self.failed_status
        ]
        refuse(wrong)
        return self

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that are sent."""
        return _names((*self.fields.values(), *_texts(self.body)))

    def planned(self, ca_file: Path | None) -> WebEndpoint:
        """Return what a launch plan has of it; ``ca_file`` is whom the browser trusts in addition."""
        return WebEndpoint(
            url=self.url,
            method=self.method,
            fields=tuple(self.fields.items()),
            body=json.dumps(self.body) if self.body else "",
            cookies=self.cookies,
            ready_status=self.ready_status,
            ready_text=self.ready_text,
            failed_status=self.failed_status,
            failed_text=self.failed_text,
            says=self.says,
            ca_file=ca_file,
        )


def endpoint_warnings(entry: Entry, spec: EndpointSpec | None) -> list[Fault]:
    """Warn where a refusal is told only by what the answer does not hold: nobody knows then what became of it."""
    if spec is None or not spec.ready_text or {"failed_text", "failed_status"} & spec.model_fields_set:
        return []
    message = "an answer without ready_text is no refusal: say what a refusal has, by failed_text or failed_status"
    return [entry.fault(("web", "endpoint", "ready_text"), message, warning=True)]


def _names(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(name for text in texts for name in ANY_PLACEHOLDER.findall(text))


def _texts(value: JsonValue) -> list[str]:
    """Return every text of a JSON value but the keys."""
    match value:
        case str():
            return [value]
        case Mapping():
            return [text for one in value.values() for text in _texts(one)]
        case list():
            return [text for one in value for text in _texts(one)]
        case _:
            return []
