"""A supervisor's card on a spare: a request is decided by whoever proves themselves here, and nobody logs on."""

from __future__ import annotations

from launcher.identity.proof import Accepted
from launcher.session.hub.desk import HubDesk
from launcher.session.hub.views import SecondView
from launcher.session.ports import Station
from launcher.session.sign_in import proved_by
from launcher.session.states import Spare
from launcher.wire.hub_messages import AskSecondHere, SecondHere


class Second:
    """The card of one request. The process serves it alone and ends with the answer, which is the hub's to judge."""

    def __init__(self, desk: HubDesk, station: Station) -> None:
        self._desk = desk
        self._station = station

    @property
    def asked(self) -> bool:
        """Whether this screen is a supervisor's."""
        return self._desk.snapshot.second is not None

    def take(self, asked: AskSecondHere) -> SecondView | None:
        """Return the card to show; None where there is nothing to show, or no more."""
        if asked.request is None:
            if self.asked:
                self._end()
            return None
        if not isinstance(self._desk.state, Spare):
            return None
        return SecondView(
            request=asked.request,
            what=asked.what,
            officer_name=asked.officer_name,
            by_name=asked.by_name,
            reason=asked.reason,
            until=asked.until,
        )

    def proved(self, accepted: Accepted) -> None:
        """Say who was proved, and end."""
        officer = accepted.officer
        self._answer(
            approve=True,
            officer=str(officer.id),
            number=officer.number,
            name=officer.display_name,
            user_name=officer.user_name,
            groups=tuple(sorted(officer.groups)),
            proved_by=proved_by(accepted),
        )

    def refused(self) -> None:
        """Say that whoever sits here refuses, and end."""
        self._answer(approve=False)

    def _answer(self, **said: object) -> None:
        card = self._desk.snapshot.second
        if card is not None:
            self._station.tell(SecondHere.model_validate({"request": card.request, **said}))
            self._end()

    def _end(self) -> None:
        self._desk.end_itself()
