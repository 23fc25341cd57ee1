"""``station enrol``: makes this computer one of the hub's stations with a code, or takes that back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from launcher import __version__
from launcher.bootstrap.asked import SecretNotReadError, read_secret
from launcher.bootstrap.hub_link import keep_station_key, remove_station_key
from launcher.bootstrap.where import Where
from launcher.errors import LauncherError, SettingsError
from launcher.grants.safe_files import own_folder, write_own
from launcher.hub_client.road import HubRoad
from launcher.policy.hub_settings import HubSettings
from launcher.policy.settings import Settings
from launcher.secret import Secret
from launcher.signing import SigningKey
from launcher.station.hub.enrolment import ENROLLED, NEW_KEY, hub_folder, key_name, read_enrolled
from launcher.wire.hub.stations import Condition, Enrol, Enrolled, SignedEnrol

_NO_HUB = """Add these lines to it, with the hub's address:

[hub]
addresses = ["https://hub.force.example"]"""

_NEXT_STEPS: Final[Mapping[str, str]] = {
    "hub-answer-faulty": "Look at [hub] addresses in the station file: that may be another service's, or no hub's.",
    "hub-answer-missing": (
        "Ask the hub's administrator whether station-launcher hub stations lists this computer: then the code is used, "
        "and you need another. Else enrol again with the same one."
    ),
    "hub-certificate-refused": (
        "Name who has signed it in [hub] ca_file of the station file. If that is right, somebody may stand in between: "
        "do not go round it."
    ),
    "hub-unreachable": (
        "Nothing was enrolled, and the code holds on. Look at [hub] addresses in the station file, at the network and "
        "whether the hub runs, then enrol again."
    ),
}
"""What whoever enrols does next: the errors' own hints are for an officer, who works on without the hub."""


def run_enrol(where: Where, code_fd: int | None) -> int:
    """Enrol with a code that an administrator of the hub has made."""
    settings = where.settings()
    hub = _hub(settings)
    code = read_secret("Enrolment code: ", code_fd)
    enrolled = enrol(where, settings, hub, code)
    place = f", {enrolled.place}" if enrolled.place else ""
    print(f'This computer is a station of hub "{enrolled.hub}" now: {enrolled.terminal}{place} ({enrolled.station}).')
    print("A station that runs here notices it within a few seconds.")
    return 0


def run_forget(where: Where) -> int:
    """Forget the enrolment and its key; the hub is not told."""
    enrolled = read_enrolled(where.state)
    if enrolled is None:
        print("This computer is none of a hub's stations.")
        return 0
    (hub_folder(where.state) / ENROLLED).unlink()
    try:
        remove_station_key(where, where.settings(), key_name(enrolled.station))
    except LauncherError as fault:
        print(f"Its key is still kept here, as {key_name(enrolled.station)}: {fault.message}")
    print(f'Forgotten. Hub "{enrolled.hub}" still knows {enrolled.station}: an administrator removes it there.')
    return 0


def enrol(where: Where, settings: Settings, hub: HubSettings, code: Secret) -> Enrolled:
    """Enrol with a new key, which takes the place of an earlier one. Raises :class:`LauncherError`.

    The key is kept before the hub is asked: a key store that keeps none costs no code.
    """
    if not 16 <= len(code.reveal().strip()) <= 64:
        raise SecretNotReadError("That is no enrolment code.", hint="It has 24 letters and digits in groups of six.")
    key = SigningKey.made()  # always a new one: the hub trusts a key that comes a second time no more
    asked = Enrol(
        code=code.reveal().strip(), public_key=key.public, terminal=settings.station.terminal,
        place=settings.station.place[:120], version=__version__,
    )  # fmt: skip
    said = SignedEnrol(enrol=asked, signature=key.sign("enrol", asked))
    where.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    own_folder(hub_folder(where.state))
    earlier = read_enrolled(where.state)
    keep_station_key(where, settings, NEW_KEY, key)
    try:
        enrolled = asyncio.run(_asked(hub, said))
        keep_station_key(where, settings, key_name(enrolled.station), key)
        write_own(hub_folder(where.state) / ENROLLED, enrolled.model_dump_json().encode())
    finally:
        _remove(where, settings, NEW_KEY)
    if earlier is not None:
        _remove(where, settings, key_name(earlier.station))
    return enrolled


def _remove(where: Where, settings: Settings, name: str) -> None:
    with suppress(LauncherError):  # a key that nobody looks for
        remove_station_key(where, settings, name)


async def _asked(hub: HubSettings, said: SignedEnrol) -> Enrolled:
    road = HubRoad(hub.addresses, hub.ca_file)
    try:
        if len(hub.addresses) > 1:
            await road.ask("GET", "/ready", Condition)  # a code is asked with once: not where the hub cannot serve
        return await road.ask("POST", "/stations/enrol", Enrolled, said)
    except LauncherError as fault:
        fault.next_step = _NEXT_STEPS.get(fault.reference, fault.next_step)
        raise
    finally:
        await road.close()


def _hub(settings: Settings) -> HubSettings:
    if settings.hub is None:
        raise SettingsError("There is no hub in the station file.", hint=_NO_HUB)
    return settings.hub
