"""Every secret that an officer's session holds at this moment, masked, for a check that nothing of it is left."""

from __future__ import annotations

from collections.abc import Iterable

from launcher.grants.held import Grants
from launcher.relay.road import way_out
from launcher.residue.patterns import MIN_BYTES, masked_patterns
from launcher.secret import Secret
from launcher.session.launches import Launches
from launcher.session.ports import Surfaces
from launcher.wire.messages import Canaries


async def masked_secrets(
    surfaces: Surfaces, grants: Grants | None, launches: Launches | None, besides: Iterable[Secret], pin: Secret | None
) -> Canaries:
    """Return them; the clear values never leave this process. ``besides``: what else the session holds."""
    clear: list[str | bytes] = list(await surfaces.derived_secrets())
    secrets = [*besides]
    if grants is not None:
        secrets += grants.secrets()
        clear += grants.tickets.secrets() if grants.tickets is not None else ()
    if launches is not None:
        secrets += launches.secrets()
    if (road := way_out()) is not None:
        secrets += road.secrets()
    if pin is not None and len(pin.reveal()) >= MIN_BYTES:
        secrets.append(pin)  # a shorter one is met by chance, and is known to this process alone
    clear += [secret.reveal() for secret in secrets]
    return masked_patterns(clear).to_wire()
