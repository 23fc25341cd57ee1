"""The caller reads six letters from their screen: that shows where they are, and that they are who sits there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from launcher.hub.audit import rows as audit
from launcher.hub.cases import rows as cases
from launcher.hub.cases.errors import LettersRefusedError, own_letters
from launcher.hub.helpdesk import visible
from launcher.hub.helpdesk.looking import terminals_of
from launcher.hub.officers import rows as officers
from launcher.hub.officers.rules import same_person
from launcher.hub.sittings import letters as shown
from launcher.wire.hub.helpdesk import ByLetters

if TYPE_CHECKING:
    from launcher.hub.officers.asking import AskingOfficer
    from launcher.hub.service import Hub

NOT_SHOWN: Final = "The letters stand on no screen now, were used already or are too old."


def by_letters(
    connection: Connection, hub: Hub, analyst: AskingOfficer, case: str, letters: str
) -> ByLetters | LettersRefusedError:
    """Find the screen that shows the letters and verify who sits there; the letters are worth nothing after that.

    Refused where they hold on no screen, or on more than one, on that of an officer who does not show, or on the
    analyst's own. The caller commits either way, since the try is written down. Raises :class:`CaseOverError`.
    """
    now = hub.clock()
    mine = cases.case_of(connection, analyst.officer, case, now, lock=True)
    holders = shown.holders(connection, letters, now)
    only = holders[0] if len(holders) == 1 else None
    officer = only.officer if only is not None else None
    if only is not None:
        shown.spend(connection, only.station, letters, now)
    known = officers.known(connection, officer) if officer is not None else None
    hidden = officer is not None and (known is None or visible.is_restricted(connection, hub, known))
    is_own = known is not None and same_person(known, analyst, hub.settings.forces.domains)
    if only is None or hidden or is_own:
        refused = LettersRefusedError(NOT_SHOWN) if only is None or hidden else own_letters()
        audit.append(
            connection, hub, "refused", actor=analyst.officer, actor_name=analyst.name, reason=mine.reason,
            reference=refused.reference, details={"case": case, "screens": len(holders), "words": refused.message},
        )  # fmt: skip
        return refused
    if officer is not None:
        cases.verify(connection, case, officer, now + hub.settings.helpdesk.verified_minutes * 60)
    after = cases.told(cases.case_of(connection, analyst.officer, case, now), now)
    terminal = terminals_of(connection, hub, [only.station])[0]
    audit.append(
        connection, hub, "verified" if officer is not None else "look-up", actor=analyst.officer,
        actor_name=analyst.name, subject=officer or "", station=only.station, terminal=terminal.terminal,
        reason=mine.reason, details={"case": case, "by": "letters"},
    )  # fmt: skip
    return ByLetters(case=after, terminal=terminal, officer=officer)
