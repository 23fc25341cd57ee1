"""Where a page may go and where it may be filled: rules over addresses, free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from launcher.addresses import is_private, origin_of
from launcher.connectors.plan import ANY_HTTPS, WebTarget

GESTURE_S: Final = 5.0
"""How long after an act what a page does may follow from it: as long as browsers think so."""


def is_strange(untrusted_frame: str, untrusted_page: str) -> bool:
    """Say whether a frame's document may be of another origin than its page: of ``about:`` it is its page's own."""
    return not untrusted_frame.startswith("about:") and origin_of(untrusted_frame) != origin_of(untrusted_page)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The origins of one target: filled on ``fills`` only, visited on ``fills`` and ``visits``."""

    fills: frozenset[str] = frozenset()
    visits: frozenset[str] = frozenset()
    token_origin: str = ""
    any_https: bool = False
    permissions: frozenset[str] = frozenset()
    apart: bool = False  # its pages share no profile with other systems'

    @classmethod
    def of(cls, target: WebTarget) -> Bounds:
        """Return the bounds of a target; its own address may be visited in any case."""
        fills = frozenset(filter(None, map(origin_of, target.origins)))
        visits = frozenset(filter(None, map(origin_of, (target.url, *target.visits)))) - {ANY_HTTPS}
        return cls(
            fills,
            visits | fills,
            origin_of(target.token_origin),
            ANY_HTTPS in target.visits,
            frozenset(target.permissions),
            target.certificate is not None,
        )

    def may_fill(self, untrusted_url: str) -> bool:
        """Say whether a secret may be written into a page at this address."""
        return origin_of(untrusted_url) in self.fills and is_private(untrusted_url)

    def may_visit(self, untrusted_url: str) -> bool:
        """Say whether the page itself may go there, or to what a page there has made (``blob:``), which it may show."""
        origin = origin_of(untrusted_url.removeprefix("blob:"))
        if self.any_https and origin.startswith("https://"):
            return True
        return origin in self.visits and is_private(origin)

    def may_embed(self, untrusted_url: str) -> bool:
        """Say whether a frame of the page may go there: anywhere on the web, but nowhere on this machine.

        Nothing is ever filled in a frame of another origin, so a page may embed what it likes, as in any browser.
        """
        scheme = untrusted_url.partition(":")[0].lower()
        return scheme in ("https", "http", "about", "blob", "data")

    def may_have(self, permissions: frozenset[str], untrusted_url: str) -> bool:
        """Say whether a page of the system's own gets these of the computer: all that it asks for at once, or none."""
        return bool(permissions) and permissions <= self.permissions and self.may_fill(untrusted_url)

    def may_carry_token(self, untrusted_url: str, untrusted_initiator: str) -> bool:
        """Say whether a fetch to ``untrusted_url``, begun by ``untrusted_initiator``, carries the access token."""
        origin = origin_of(untrusted_url)
        return bool(origin) and origin == self.token_origin and self.may_fill(untrusted_initiator)
