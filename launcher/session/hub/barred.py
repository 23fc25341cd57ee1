"""Who is suspended: the station hands the digests, and the session lets none of them in, hub or no hub."""

from __future__ import annotations

from launcher.identity.officer import Officer
from launcher.session.hub.errors import OfficerSuspended
from launcher.wire.hub.barred import is_barred
from launcher.wire.hub_messages import BarredHere


class Barred:
    """The digests as the station last told them."""

    def __init__(self) -> None:
        self._told = BarredHere(officers=())

    def take(self, told: BarredHere) -> None:
        """Take the whole list in the place of the one before."""
        self._told = told

    def holds(self, officer: Officer) -> bool:
        """Say whether the officer is suspended: by who they are, or by a name they log on with."""
        return is_barred(str(officer.id), officer.user_name, officer.number, self._told)

    def admit(self, officer: Officer) -> None:
        """Pass who may come in. Raises :class:`OfficerSuspended`."""
        if self.holds(officer):
            raise OfficerSuspended("You are suspended and cannot log on.")
