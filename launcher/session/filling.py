"""What is filled in while systems are signed on: obtained by name, asked of the officer where it is not known, and kept
or marked by what became of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from launcher.connectors.plan import (
    CertificateName,
    CredentialName,
    InstalledBrowser,
    LaunchPlan,
    TerminalTarget,
    TicketName,
    TokenName,
    WebTarget,
)
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.errors import (
    CredentialMissing,
    CredentialRefused,
    OneTimeSeedFaultyError,
    OneTimeSeedMissing,
)
from launcher.grants.held import Grants
from launcher.grants.tickets import Tickets
from launcher.identity.kerberos import TicketCache
from launcher.identity.kerberos.errors import KerberosNoPasswordError, KerberosNotSetUpError
from launcher.residue.patterns import MIN_BYTES
from launcher.secret import Secret
from launcher.session.certificates import OfficersCertificates
from launcher.session.endpoint import EndpointAnswerError, EndpointUnansweredError
from launcher.session.faults import error_view
from launcher.session.opening import Opening
from launcher.sign_on.driver import FieldFault
from launcher.sign_on.outcome import ClientCertificateRefusedError, SignOnOutcome
from launcher.sign_on.run import Values
from launcher.terminal.errors import FieldRefusedError, SignInCutError

_GIVEN: Final = (SignInCutError, EndpointAnswerError, EndpointUnansweredError, asyncio.CancelledError)


class Filling:
    """One officer's; ``changed`` is called when an opening begins or ends to wait for them."""

    def __init__(self, grants: Grants, officer_name: str, changed: Callable[[], None]) -> None:
        self._grants = grants
        self.officer = officer_name
        self._changed = changed
        self._asked: dict[str, asyncio.Event] = {}
        self._codeless: dict[str, LauncherError] = {}  # the systems that no code could be made for, and why
        self._ticket_wanted = asyncio.Lock()
        self._used: dict[Secret, None] = {}  # in order, each once
        self.certificates = OfficersCertificates(grants.certificates, officer_name, changed, self.used)

    def give(self, system: str, credential: Credential) -> None:
        """Take the officer's own name and password for a system that waits for them."""
        if (waiting := self._asked.get(system)) is not None:
            self._grants.give(system, credential)
            waiting.set()

    def closed(self, system: str) -> None:
        """A system is closed: what is given for it from now on was not given to its next opening."""
        self._asked.pop(system, None)
        self.certificates.closed(system)

    def used(self, *secrets: Secret | None) -> None:
        """Note secrets that were filled in."""
        self._used |= {secret: None for secret in secrets if secret}

    def secrets(self) -> tuple[Secret, ...]:
        """Return every password and seed that was filled in, for a residue check."""
        return tuple(self._used)

    async def of(self, opening: Opening, plan: LaunchPlan) -> tuple[Credential | None, Secret | None, LaunchPlan]:
        """Return what the plan names, and the plan with the credential that is really used."""
        credential: Credential | None = None
        token: Secret | None = None
        if plan.sign_on == "federated":
            if self._grants.further.by_ticket(plan.through):
                await self._ticket(opening, plan)
            with opening.timeline.phase("token"):
                if plan.through:
                    await self._grants.further.pages_sign_on(plan.through)
                else:
                    await self._grants.pages_sign_on()
        for name in plan.grants:
            match name:
                case CredentialName():
                    with opening.timeline.phase("secret"):
                        credential, used = await self._credential(opening, name)
                        plan = replace(plan, grants=tuple(used if one is name else one for one in plan.grants))
                case TokenName():
                    with opening.timeline.phase("token"):
                        token = await self._grants.token(name)
                        opening.token = name
                case CertificateName() if isinstance(plan.target, WebTarget) and plan.target.certificate is not None:
                    with opening.timeline.phase("secret"):
                        opening.certificate = await self.certificates.of(opening, plan.target.certificate)
                case TicketName():
                    plan = await self._with_ticket(opening, plan)
        return credential, token, plan

    async def _ticket(self, opening: Opening, plan: LaunchPlan) -> TicketCache:
        """Have a good ticket, asking the officer where nobody else can. Raises :class:`LauncherError`."""
        if self._grants.tickets is None:
            raise KerberosNotSetUpError("There is no Kerberos realm here.")
        with suppress(KerberosNoPasswordError):
            if not self._ticket_wanted.locked():
                with opening.timeline.phase("token"):
                    return await self._grants.tickets.ticket()
        # Where one system asks for it the others wait for what comes of that, and are refused nothing in its place.
        async with self._ticket_wanted:
            return await self._ticket_asked_for(opening, plan, self._grants.tickets)

    async def _ticket_asked_for(self, opening: Opening, plan: LaunchPlan, tickets: Tickets) -> TicketCache:
        """Have a ticket by what the officer is asked for, unless another system has asked meanwhile."""
        try:
            return await tickets.ticket()
        except KerberosNoPasswordError as missing:
            await self._ask(opening, missing)
        given = await self._grants.credential(CredentialName(plan.system, "store"))
        self._grants.take_back(plan.system)  # it is the realm's, and not this system's
        if not tickets.by_card or len(given.password.reveal()) >= MIN_BYTES:
            self.used(given.password)  # a shorter PIN is met by chance; it was given to the card alone
        tickets.give(given)
        with opening.timeline.phase("token"):
            return await tickets.ticket()

    async def _with_ticket(self, opening: Opening, plan: LaunchPlan) -> LaunchPlan:
        """Have a good ticket, and tell a line or browser that speaks for itself where it lies. Raises LauncherError."""
        cache = await self._ticket(opening, plan)
        match plan.target:
            case TerminalTarget() as line:
                return replace(plan, target=replace(line, tickets=cache.file))
            case WebTarget(managed=InstalledBrowser() as browser) as page:
                return replace(plan, target=replace(page, managed=replace(browser, tickets=cache.file)))
        return plan

    async def _credential(self, opening: Opening, name: CredentialName) -> tuple[Credential, CredentialName]:
        """Return the credential to fill in, asking the officer where none is known or the known one was refused.

        Where the sign-in's own is missing or was refused, it is the officer's own for this system from then on.
        """
        if (codeless := self._codeless.pop(name.system, None)) is not None:
            name = replace(name, source="store")
            await self._ask(opening, codeless)
        while True:
            try:
                credential = await self._grants.credential(name)
            except (CredentialMissing, CredentialRefused) as missing:
                if name.source == "sign-in":
                    name = replace(name, source="store")
                else:
                    await self._ask(opening, missing)
            else:
                self.used(credential.password, credential.seed)
                return credential, name

    async def _ask(self, opening: Opening, missing: LauncherError) -> None:
        opening.state, opening.needs = "needs", "credential"
        says_why = not isinstance(missing, CredentialMissing)
        opening.error = error_view(missing) if says_why else None
        opening.prompts += 1
        self._changed()
        asked = self._asked[opening.system] = asyncio.Event()
        try:
            with opening.timeline.phase("person"):
                await asked.wait()
        finally:
            if self._asked.get(opening.system) is asked:
                del self._asked[opening.system]
        opening.state, opening.needs, opening.error = "queued", "", None
        self._changed()

    def who(self, plan: LaunchPlan, credential: Credential | None) -> str:
        """Return the name that the officer is signed on with."""
        if credential is not None:
            return credential.user_name
        return "" if plan.sign_on == "none" else self.officer

    def values(self, plan: LaunchPlan, credential: Credential | None, token: Secret | None = None) -> Values:
        """Return what steps and screens may fill."""
        if credential is None:
            return Values(token=token)
        # A code is made when it is filled in: one made before the page has loaded may have ended by then.
        code = partial(self._grants.code, plan.coded) if plan.coded is not None else None
        return Values(credential.user_name, credential.password, code, token)

    async def keep(
        self, opening: Opening, plan: LaunchPlan, credential: Credential | None, outcome: SignOnOutcome
    ) -> None:
        """Keep a credential that worked; mark one that was refused, so that it is never tried again."""
        if outcome.outcome == "ready":
            for one in plan.grants:
                if isinstance(one, CertificateName):
                    await self._grants.certificates.remember(one.name)
        if credential is None:
            return
        for name in plan.grants:
            if not isinstance(name, CredentialName):
                continue
            if outcome.outcome == "ready":
                await self._grants.remember(name.system, credential)
            elif outcome.outcome == "failed" and outcome.tried:
                await self._grants.refuse(name, credential)
            else:
                takes = outcome.outcome == "change-password"  # it was right, and ends with another password
                await self._grants.undecided(name.system, given=outcome.tried and not takes)
                if outcome.tried and not takes:
                    opening.unproved = name.system

    async def broken_off(self, opening: Opening, plan: LaunchPlan, fault: BaseException) -> None:
        """Note what a launch that came to no outcome has given: nothing, unless somebody may be signed on by it, or
        the line ended between the giving and the answer, or an endpoint gave none that is known, or a page met its
        fault after it had been given something.

        What a field did not take is not what the officer meant: they are asked for it again.
        """
        for one in plan.grants:
            if isinstance(one, CertificateName) and isinstance(fault, ClientCertificateRefusedError):
                self._grants.certificates.doubt(one.name)
            if isinstance(one, CredentialName) and isinstance(fault, OneTimeSeedMissing | OneTimeSeedFaultyError):
                self._codeless[one.system] = fault  # asked for where the officer opens it again
        # Of one that was closed while it called nobody knows.
        given = isinstance(fault, _GIVEN) and opening.state != "queued"
        given = given and plan.sign_on in ("password", "endpoint")
        given = given or (opening.gave and not isinstance(fault, FieldFault))
        given = given or (opening.terminal is not None and opening.terminal.may_be_signed_on)
        for name in plan.grants:
            if isinstance(name, CredentialName):
                await self._grants.undecided(name.system, given=given)
                if isinstance(fault, FieldRefusedError):
                    self._grants.take_back(name.system)
