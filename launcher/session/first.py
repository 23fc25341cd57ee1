"""The first picture of a session, made of the settings alone: painted before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import replace

from launcher.policy.settings import Settings
from launcher.session.snapshot import MethodView, SignInView, Snapshot, StationView
from launcher.wire.messages import Show


def first_snapshot(settings: Settings) -> Snapshot:
    """Return the picture of a spare: this computer and its sign-in methods."""
    station = settings.station
    return Snapshot(
        stage="spare",
        station=StationView(station.terminal, station.place, station.helpdesk, station.force),
        sign_in=SignInView(methods=_methods(settings)),
    )


def shown(snapshot: Snapshot, show: Show) -> Snapshot:
    """Return the picture once the station wants it shown, with the name typed into the screen before it."""
    card = replace(snapshot.sign_in, name=show.name, focus=show.focus)
    return replace(snapshot, stage="signing-in", sign_in=card)


def _methods(settings: Settings) -> tuple[MethodView, ...]:
    labels = {
        name: section.label
        for name, section in (
            ("directory", settings.directory),
            ("federated", settings.federated),
            ("local", settings.local),
        )
        if section is not None
    }
    return tuple(
        MethodView(name, labels[name], "provider" if name == "federated" else "password")
        for name in settings.sign_in.methods
    )
