"""The first picture of a session, made of a few facts alone: painted before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from launcher.policy.first_facts import FirstFacts
from launcher.session.snapshot import MethodView, SignInView, Snapshot, StationView

if TYPE_CHECKING:
    from launcher.wire.messages import Show


def first_snapshot(facts: FirstFacts) -> Snapshot:
    """Return the picture of a spare: this computer and its sign-in methods."""
    return Snapshot(
        stage="spare",
        station=StationView(facts.terminal, facts.place, facts.helpdesk, facts.force),
        sign_in=SignInView(
            methods=(
                *(
                    MethodView(name, label, "provider" if name == "federated" else "password")
                    for name, label in facts.methods
                ),
                *(MethodView(one.method, one.label, "provider", one.domains, one.listed) for one in facts.forces),
            )
        ),
    )


def shown_plainly(snapshot: Snapshot) -> Snapshot:
    """Return the picture of a sign-in screen in which nothing was typed yet."""
    return replace(snapshot, stage="signing-in")


def shown(snapshot: Snapshot, show: Show) -> Snapshot:
    """Return the picture once the station wants it shown, with the name typed into the screen before it."""
    card = replace(snapshot.sign_in, name=show.name, focus="secret" if show.focus == "secret" else "name")
    return replace(snapshot, stage="signing-in", sign_in=card)
