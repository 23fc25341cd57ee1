"""``station enrol``: makes this computer one of the hub's stations with a code, or takes that back."""

from __future__ import annotations

import asyncio
from contextlib import suppress

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
from launcher.wire.hub.stations import Enrol, Enrolled, SignedEnrol

_NO_HUB = """Add these lines to it, with the hub's address:

[hub]
addresses = ["https://hub.force.example"]"""


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
        return await road.ask("POST", "/stations/enrol", Enrolled, said)
    finally:
        await road.close()


def _hub(settings: Settings) -> HubSettings:
    if settings.hub is None:
        raise SettingsError("There is no hub in the station file.", hint=_NO_HUB)
    return settings.hub
