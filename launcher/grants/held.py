"""What a session holds and systems need: credentials, one-time codes and tokens, each obtained once and shared."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from launcher.errors import LauncherError
from launcher.grants.certificates import Certificates
from launcher.grants.credential import Credential
from launcher.grants.errors import (
    CredentialMissing,
    CredentialRefused,
    OneTimeSeedMissing,
    ProviderForgotError,
    ProviderNotSetUpError,
)
from launcher.grants.further import FurtherSessions
from launcher.grants.names import CredentialName, TokenName
from launcher.grants.officer_store import OfficerStore
from launcher.grants.one_time import OneTimeCodes
from launcher.grants.single_flight import SingleFlight
from launcher.grants.store import CredentialStore
from launcher.grants.tickets import Tickets
from launcher.grants.token_source import TokenSource
from launcher.identity.federated import AccessToken
from launcher.identity.federated.errors import ProviderSessionEnded
from launcher.identity.officer import OfficerId
from launcher.secret import Secret


class Grants:
    """One officer's grants for one sitting.

    A fault of the store stops no system from being opened: the officer is asked, what they give is held for the
    sitting, and :attr:`store_fault` is what to tell them.

    ``sign_in`` is the name and password of the sign-in, where it had one. ``provider`` obtains the session at the
    provider; it is called once, when first needed, and all who need it meanwhile wait for it.
    """

    def __init__(
        self,
        officer: OfficerId,
        store: CredentialStore,
        *,
        sign_in: Credential | None = None,
        provider: Callable[[], Awaitable[TokenSource]] | None = None,
        tickets: Tickets | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = OfficerStore(officer, store)
        self._sign_in = sign_in
        self._obtain = provider
        self.tickets = tickets
        self.further = FurtherSessions()
        self.certificates = Certificates(self._store.get, self._store.put, self._store.forget)
        self._codes = OneTimeCodes(now, sleep)
        self._given: dict[str, Credential] = {}
        self._refused: set[tuple[str, str]] = set()
        self._pending: dict[str, Secret] = {}  # new passwords that were found to be pending
        self._trying: set[str] = set()  # the systems that are being given one
        self._changed: set[str] = set()  # those on which the officer has changed it
        self._sign_ons: SingleFlight[None, TokenSource] = SingleFlight()
        self._tokens: SingleFlight[tuple[str, ...], AccessToken] = SingleFlight()
        self._scopes: dict[tuple[str, ...], None] = {}  # those that were asked for, in order, each once
        self._source: TokenSource | None = None
        self._no_source: LauncherError | None = None
        self._moving = asyncio.Lock()

    @property
    def store_fault(self) -> LauncherError | None:
        """What is wrong with the store, where something was."""
        return self._store.fault

    async def credential(self, name: CredentialName) -> Credential:
        """Return the name and password to fill in.

        Raises :class:`CredentialMissing` where the officer must be asked, :class:`CredentialRefused` where the system
        has said no to it.
        """
        if (name.system, name.source) in self._refused:
            raise _changed_there() if name.system in self._changed else _refused()
        if name.source == "sign-in":
            if self._sign_in is None:
                raise CredentialMissing("You logged on without a password that this system takes.")
            return replace(self._sign_in, seed=await self._seed(name.system)) if name.otp else self._sign_in
        if given := self._given.get(name.system):
            return given
        kept = await self._store.get(name.system)
        if kept is None:
            raise CredentialMissing("Your name and password for this system are not known here yet.")
        if kept.pending is not None:
            self._pending[name.system] = kept.pending
            if name.system in self._trying:
                return replace(kept.credential, password=kept.pending)
        if with_pending := kept.with_pending:
            # The host was given it, and was cut off from us before it answered: it has it, as a rule. Tried once, also
            # where we are ended before it answers this time.
            self._trying.add(name.system)
            await self._store.mark_tried(name.system, tried=True)
            return with_pending
        if kept.refused:
            raise _refused()
        return kept.credential

    async def unknown(self, names: Iterable[CredentialName]) -> frozenset[str]:
        """Return the systems for which the officer will be asked for a name and password; no secret is read for it."""
        # Where the sign-in's own is missing or was refused it is the officer's own for the system.
        own = {
            name.system
            for name in names
            if name.source == "store" or self._sign_in is None or (name.system, name.source) in self._refused
        }
        if not own:
            return frozenset()
        kept = await self._store.systems()
        known = {system for system in kept | self._given.keys() if (system, "store") not in self._refused}
        return frozenset(own - known)

    async def code_is_free(self, name: CredentialName, seed: Secret, waits: Callable[[float], None]) -> None:
        """Wait until there is a code that was not given out here; ``waits`` is told how many seconds."""
        kept = await self._store.get(name.system)
        await self._codes.until_free(seed, kept.last_code if kept is not None else None, waits)

    async def code(self, name: CredentialName) -> Secret:
        """Return a one-time code for the system, never the same twice.

        Where the current one was used this waits for the next, up to a period (30 s as a rule). Raises
        :class:`OneTimeSeedMissing` or :class:`OneTimeSeedFaultyError`.
        """
        credential = await self.credential(name)
        if credential.seed is None:
            raise OneTimeSeedMissing("This system wants a one-time code, and nothing here makes it.")
        return await self._codes.next(credential.seed, partial(self._store.claim_code, name.system))

    async def token(self, name: TokenName) -> Secret:
        """Return an access token for the scopes."""
        return (await self.access_token(name)).value

    async def access_token(self, name: TokenName) -> AccessToken:
        """Return an access token with its expiry, for those who replace it in time (:meth:`AccessToken.due`).

        Raises :class:`ProviderNotSetUpError`, an error of the sign-on to the provider, or one of
        :meth:`FederatedSession.token`.
        """
        self._scopes[name.scopes] = None
        return await self._tokens.do(name.scopes, lambda: self._token(name.scopes))

    async def renew(self, moved: Callable[[], Awaitable[bool]] | None = None) -> None:
        """Fetch the tokens that are due, after a fresh proof; a session at the provider that has ended is made anew.

        ``moved`` is waited for first, by all who need that session: whether it is to be made anew in any case. What
        hinders the rest is said where it is needed.
        """
        if moved is not None:
            async with self._moving:
                if await moved():
                    self._source = None
        for scopes in tuple(self._scopes):
            for _ in ("as it is", "with a session made anew"):
                try:
                    await self._tokens.do(scopes, partial(self._token, scopes))
                except ProviderSessionEnded:
                    continue
                except LauncherError:
                    pass
                break
        if self._obtain is not None:
            with suppress(LauncherError):
                await self.provider()

    async def provider(self) -> TokenSource:
        """Return the session at the provider, obtained once.

        What says that trying again cannot help (a refused password, another officer's account) is not tried again.
        """
        async with self._moving:
            """Nothing is done meanwhile: a fresh proof may change what is held."""
        if self._source is not None:
            return self._source
        if self._no_source is not None:
            raise self._no_source.with_traceback(None)
        return await self._sign_ons.do(None, self._obtain_provider)

    async def pages_sign_on(self) -> None:
        """Have the session at the provider made for a page that goes there by itself, and asks where it is unknown.

        Raises what :meth:`provider` does, but for a browser that the provider does not know any more.
        """
        with suppress(ProviderForgotError):
            await self.provider()

    @property
    def signs_on_unseen(self) -> bool:
        """Say whether a session at the provider can be made anew without the officer."""
        return self._sign_in is not None and self._obtain is not None and self._no_source is None

    async def provider_anew(self, ended: TokenSource) -> TokenSource:
        """Return a session at the provider other than ``ended``, whose pages ask for the officer again.

        Whoever says the same of the same session meanwhile waits for the same new one.
        """
        if self._source is ended:
            self._source = None
        return await self.provider()

    def proved_again(self, sign_in: Credential | None) -> None:
        """Take the name and password of a fresh proof, if it had one, in the place of the sign-in's.

        What a system or the provider refused stays refused, unless the password is another one since.
        """
        if self._sign_in is None or isinstance(self._no_source, ProviderForgotError):
            self._no_source = None  # no password was tried: none was refused
        if sign_in is None or (self._sign_in is not None and self._sign_in.password == sign_in.password):
            return
        self._sign_in = sign_in
        self._refused = {mark for mark in self._refused if mark[1] != "sign-in"}
        self._no_source = None

    def give(self, system: str, credential: Credential) -> None:
        """Take what the officer typed for the system; it is kept by :meth:`remember` once it has worked."""
        self._given[system] = credential
        self._refused.discard((system, "store"))
        self._changed.discard(system)

    async def refuse(self, name: CredentialName, tried: Credential | None = None) -> None:
        """Note that the system said no: this credential is not tried again, here or at the next sitting.

        ``tried`` is what was filled in; something newer that the officer has given meanwhile stays as it is.
        """
        if name.source == "sign-in" and tried is not None and self._sign_in is not None:
            if tried.password == self._sign_in.password:
                self._refused.add((name.system, name.source))
            return
        self._trying.discard(name.system)
        pending = self._pending.get(name.system) if name.source == "store" else None
        if pending is not None and tried is not None and tried.password == pending:
            if self._given.get(name.system) == tried:  # the officer has typed it, and is asked again
                del self._given[name.system]
                self._refused.add((name.system, name.source))
            await self._store.mark_refused(name.system, pending=True)
            return
        given = self._given.get(name.system) if name.source == "store" else None
        if given is None or tried is None or given == tried:
            self._refused.add((name.system, name.source))
            if given is not None:
                del self._given[name.system]
        if name.source == "store":
            await self._store.mark_refused(name.system)

    async def forget(self, system: str) -> None:
        """Forget what is held and kept of the officer's own for the system: they are asked at its next opening.

        Raises what is wrong with the store: whoever wanted it forgotten must know that it is not.
        """
        for held in (self._given, self._pending):
            held.pop(system, None)
        self._trying.discard(system)
        self._changed.discard(system)
        await self._store.forget(system)
        self._refused.discard((system, "store"))

    def revoked(self) -> None:
        """Note that the session at the provider is ended from outside: it is not made anew without a fresh proof."""
        self._source = None
        self._no_source = ProviderForgotError("The helpdesk has ended the session of the force account.")

    def take_back(self, system: str) -> None:
        """Forget what the officer gave for a system that was not given it: they are asked again."""
        self._given.pop(system, None)

    async def changed_by_hand(self, name: CredentialName, before: Credential | None) -> None:
        """Note that the officer has changed the password on the system itself: the one before is not tried again."""
        await self.refuse(name, before)
        self._changed.add(name.system)

    async def propose(self, system: str, current: Credential, new: Secret) -> None:
        """Keep a new password as pending, sealed, before a host is given it. Raises what is wrong with the store.

        ``current`` is what the host has just taken: neither is lost from here on, whatever ends us.
        """
        current = replace(current, seed=current.seed or await self._seed_kept(system))
        await self._store.propose(system, current, new)
        self._pending[system] = new
        self._trying.discard(system)
        self._given.pop(system, None)  # the store has it
        self._refused.discard((system, "store"))

    async def settle(self, system: str, *, changed: bool) -> None:
        """End what is pending: the host has confirmed the new password, or has refused it."""
        self._pending.pop(system, None)
        self._trying.discard(system)
        await self._store.settle(system, changed=changed)

    async def undecided(self, system: str, *, given: bool) -> None:
        """Note that a system has neither taken nor refused what was held for it; ``given``: it may have been given it.

        A pending password that was given is not tried again: it counts as wrong by some hosts.
        """
        if system in self._trying:
            self._trying.discard(system)
            if not given:
                await self._store.mark_tried(system, tried=False)

    async def remember(self, system: str, worked: Credential | None = None) -> bool:
        """Keep what the officer gave for the system, which is ready with it; True if that was done.

        ``worked`` is what was filled in: where a new password was pending, that tells which of the two holds.
        """
        given = self._given.get(system)
        pending = self._pending.get(system)
        if given is None and pending is not None and worked is not None:
            await self.settle(system, changed=worked.password == pending)
            return True
        if given is None:
            return False
        given_in_full = replace(given, seed=given.seed or await self._seed_kept(system))
        kept = await self._store.put(system, given_in_full)
        if kept and self._given.get(system) is given:
            del self._given[system]
        return kept

    async def end(self) -> bool:
        """Let everything go; True unless the provider's session was left without its confirmation."""
        source, self._source, self._obtain = self._source, None, None
        self._sign_in = None
        self._given.clear()
        return await source.end() if source is not None else True

    def secrets(self) -> tuple[Secret, ...]:
        """Return what is held at this moment, for a residue check; nothing is read from the store for it."""
        held = [*self._given.values(), *([self._sign_in] if self._sign_in else [])]
        own = [secret for one in held for secret in (one.password, one.seed) if secret]
        own += [*self._pending.values(), *self.certificates.secrets()]
        return (*own, *(self._source.secrets() if self._source is not None else ()))

    async def _seed(self, system: str) -> Secret | None:
        given = self._given.get(system)
        return given.seed if given is not None and given.seed is not None else await self._seed_kept(system)

    async def _seed_kept(self, system: str) -> Secret | None:
        """Return the seed kept with an older password: a new password does not change the device."""
        kept = await self._store.get(system)
        return kept.credential.seed if kept is not None else None

    async def _token(self, scopes: tuple[str, ...]) -> AccessToken:
        source = await self.provider()
        try:
            return await source.token(scopes)
        except ProviderSessionEnded:
            if self._source is source:
                self._source = None  # whoever tries again signs on to the provider anew
            raise

    async def _obtain_provider(self) -> TokenSource:
        if self._obtain is None:
            raise ProviderNotSetUpError("This system needs the force account, and nothing signs you on to it here.")
        try:
            self._source = await self._obtain()
        except LauncherError as fault:
            if not fault.retryable:
                self._no_source = fault
            raise
        return self._source


def _changed_there() -> CredentialRefused:
    return CredentialRefused("You have changed the password there. Type the new one once, to have it kept.")


def _refused() -> CredentialRefused:
    return CredentialRefused("The system did not accept this name and password. They are not tried again.")
