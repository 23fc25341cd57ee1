"""The sign-in method ``directory``: find the officer, bind once as them, read their groups.

The order is connect · locate (search) · primary (bind) · entitle (groups). Up to the bind anything may be repeated at
the next server; the bind is sent once, to one server, and never again by itself (DESIGN §5).
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from launcher.errors import SettingsError
from launcher.identity import refusals
from launcher.identity.directory import faults, finding, password_policy
from launcher.identity.directory.client import (
    Address,
    Answer,
    CertificateRefused,
    Entry,
    Line,
    LineFault,
    NoAnswer,
    NotEncrypted,
    ServerDown,
    filter_fault,
    open_line,
)
from launcher.identity.directory.expiry import expires_in_s, tries_left
from launcher.identity.directory.groups import groups_of
from launcher.identity.directory.servers import ServerList
from launcher.identity.directory.workers import in_thread
from launcher.identity.proof import Accepted, Proof, SignInRefused, Stopwatch
from launcher.policy.settings import DirectorySettings
from launcher.secret import Secret

T = TypeVar("T")

_log = logging.getLogger(__name__)
_WARN_S = 14 * 86400.0


@dataclass(frozen=True, slots=True)
class _Target:
    """Whom to bind as; ``entry`` where a search came before the bind."""

    bind_as: str
    entry: Entry | None


class DirectoryMethod:
    """Officers proved by a directory over TLS: OpenLDAP and its kin, or Active Directory."""

    name: ClassVar[str] = "directory"

    def __init__(self, settings: DirectorySettings, *, search_password: Secret | None = None) -> None:
        """Make the method; ``search_password`` belongs to the account ``search_as``.

        Raises :class:`SettingsError` when the CA file or the search filter cannot be used.
        """
        if settings.find == "filter" and (fault := filter_fault(finding.entry_filter(settings, "name"))):
            raise SettingsError("The directory's user_filter cannot be used.", detail=f"directory.user_filter: {fault}")
        self._settings = settings
        self._search_password = search_password
        self._servers = ServerList(settings.servers)
        self._context = _tls_context(settings)

    async def prepare(self) -> None:
        """Find out which servers do not answer, up to the first that does; never raises.

        Call it when the officer begins to type: a dead server then costs its two seconds while they type.
        """
        for address in self._servers.in_order():
            try:
                line = await self._open(address)
            except LineFault as fault:
                self._servers.failed(address)
                _log.info("directory server not ready: %s", fault)
            else:
                self._servers.answered(address)
                line.close()
                return

    async def sign_in(self, proof: Proof, watch: Stopwatch) -> Accepted:
        """Prove the officer, with one bind. Raises :class:`SignInRefused`."""
        name = _checked(proof)
        async with self._line_to(name, watch) as (line, target):
            answer = await self._bind(line, target, proof.password, watch)
            refusal = password_policy.judge_bind(answer, can_change_expired=self._has_search_account)
            if isinstance(refusal, refusals.PasswordNotAccepted):
                refusal.tries_left = await self._tries_left(line, target)
            if refusal is not None:
                raise refusal
            with watch.phase("entitle"):
                entry, groups = await self._entitle(line, target, name)
        officer = finding.officer(self._settings, name, entry, groups)
        return Accepted(officer, self.name, proof.password, password_policy.warning(answer) or _warning_of(entry))

    async def change_password(self, proof: Proof, new: Secret, watch: Stopwatch) -> None:
        """Change the password; afterwards the officer signs in with the new one. Raises :class:`SignInRefused`.

        The present password is proved by a bind first, so that nothing is ever changed on the word of who can merely
        reach the terminal. Where the directory takes no bind with an expired password (Active Directory), the read
        account carries the request, which still holds the old password and is judged by it.
        """
        name = _checked(proof)
        if not new:
            raise refusals.NewPasswordTooShort.given("empty; nothing was sent")
        async with self._line_to(name, watch) as (line, target):
            answer = await self._bind(line, target, proof.password, watch)
            refusal = password_policy.judge_bind(answer, can_change_expired=self._has_search_account)
            expired = isinstance(refusal, refusals.PasswordExpired)
            if refusal is not None and not expired and not isinstance(refusal, refusals.PasswordMustChange):
                raise refusal
            with watch.phase("primary"):
                unbound = answer.code != password_policy.SUCCESS
                entry = await self._entry_to_change(line, target, name, as_search=unbound)
                changed = await self._change(line, entry, proof.password, new)
        refusal = password_policy.judge_change(changed)
        if refusal is not None:
            raise refusal

    @property
    def _has_search_account(self) -> bool:
        return bool(self._settings.search_as) and self._search_password is not None

    # Before the bind: anything may be repeated elsewhere.

    @asynccontextmanager
    async def _line_to(self, name: str, watch: Stopwatch) -> AsyncIterator[tuple[Line, _Target]]:
        """Reach a server and find there whom to bind as, trying the servers in turn."""
        reasons: list[str] = []
        out_of_date: list[str] = []
        candidates = self._servers.in_order()
        for number, address in enumerate(candidates, 1):
            line: Line | None = None
            try:
                with watch.phase("connect"):
                    line = await self._open(address)
                with watch.phase("locate"):
                    target = await self._locate(line, name, last=number == len(candidates))
            except (ServerDown, NoAnswer) as fault:
                _close(line)
                self._servers.failed(address)
                reasons.append(str(fault))
                _log.warning("directory server not used: %s", fault)
                continue
            except CertificateRefused as fault:
                # Another server has to prove itself just as well, so that going on weakens nothing. But a wrong name
                # or an unknown CA may be someone in between, and that is said rather than passed over.
                _log.error("directory certificate refused: %s", fault)
                if not fault.out_of_date:
                    raise _certificate_refused(str(fault)) from None
                self._servers.failed(address)
                out_of_date.append(str(fault))
                continue
            except NotEncrypted as fault:
                raise faults.DirectoryNotEncrypted(
                    "The directory does not take an encrypted connection.", detail=str(fault)
                ) from None
            except BaseException:
                _close(line)
                raise
            self._servers.answered(address)
            try:
                yield line, target
            finally:
                line.close()
            return
        if out_of_date:
            raise _certificate_refused("; ".join(out_of_date + reasons))
        raise faults.DirectoryUnreachable("The directory cannot be reached.", detail="; ".join(reasons))

    async def _open(self, address: Address) -> Line:
        wait_s = self._settings.connect_s
        opening = in_thread(lambda: open_line(address, self._context, wait_s), discard=Line.close)
        try:
            # The line keeps to the time by itself, except while a name server does not answer.
            async with asyncio.timeout(wait_s + 0.1):
                return await opening
        except TimeoutError:
            raise ServerDown(f"{address.url}: timed out") from None

    async def _locate(self, line: Line, name: str, *, last: bool) -> _Target:
        settings = self._settings
        if settings.find == "upn":
            return _Target(finding.principal(settings, name), None)
        if settings.find == "template":
            return _Target(finding.template_dn(settings, name), None)
        # A search repeated elsewhere harms nobody: where there is an elsewhere it waits less long than a bind.
        wait_s = settings.answer_s if last else min(settings.answer_s, 2 * settings.connect_s)
        if settings.search_as:
            await self._bind_for_search(line, wait_s)
        filter_ = finding.entry_filter(settings, name)
        attributes = finding.wanted_attributes(settings)
        answer, found = await self._run(line, lambda: line.search(settings.base, filter_, attributes, wait_s, limit=2))
        if len(found) > 1:
            raise faults.DirectoryNameAmbiguous(
                "More than one officer has that name.", detail=", ".join(entry.dn for entry in found)
            )
        if answer.code not in (password_policy.SUCCESS, password_policy.NO_SUCH_OBJECT):
            raise _not_searched(line, answer)
        if not found:
            if not settings.search_as and answer.code == password_policy.NO_SUCH_OBJECT:
                # A base that is not there for who has no name: with an unnamed search the right is missing.
                raise _not_searched(line, answer)
            raise refusals.PasswordNotAccepted.given("no entry; nothing was sent")
        return _Target(found[0].dn, found[0])

    async def _bind_for_search(self, line: Line, wait_s: float | None = None) -> None:
        password = self._search_password
        if not password:
            raise faults.DirectorySearchRefused(
                "This computer may not look officers up.", detail="no password is kept under directory-search"
            )
        wait = wait_s or self._settings.answer_s
        answer = await self._run(line, lambda: line.bind(self._settings.search_as, password, wait))
        if answer.code != password_policy.SUCCESS:
            raise _not_searched(line, answer)

    # The bind, and after it.

    async def _bind(self, line: Line, target: _Target, password: Secret, watch: Stopwatch) -> Answer:
        with watch.phase("primary"):
            try:
                answer = await self._run(line, lambda: line.bind(target.bind_as, password, self._settings.answer_s))
            except NoAnswer as fault:
                self._servers.failed(line.address)
                raise faults.DirectoryOutcomeUnknown(
                    "The directory did not answer. Whether it took your password is unknown.", detail=str(fault)
                ) from None
        if answer.code in password_policy.BUSY:
            self._servers.failed(line.address)
        return answer

    async def _entitle(self, line: Line, target: _Target, name: str) -> tuple[Entry, frozenset[str]]:
        try:
            return await self._run(line, lambda: self._read_officer(line, target, name))
        except NoAnswer as fault:
            self._servers.failed(line.address)
            raise faults.DirectoryUnreachable(
                "Your password was accepted, but the directory stopped answering before it told your groups.",
                detail=str(fault),
            ) from None

    def _read_officer(self, line: Line, target: _Target, name: str) -> tuple[Entry, frozenset[str]]:
        """Read the entry, where no search came before, and the groups. Blocks."""
        settings, answer_s = self._settings, self._settings.answer_s
        entry = target.entry or self._own_entry(line, target, name)
        groups = groups_of(
            lambda base, filter_, attributes, *, scope="SUBTREE": line.search(
                base, filter_, attributes, answer_s, scope=scope
            ),
            entry,
            settings.groups,
            settings.group_base,
        )
        return entry, groups

    def _own_entry(self, line: Line, target: _Target, name: str) -> Entry:
        settings = self._settings
        attributes = finding.wanted_attributes(settings)
        if settings.find == "upn":
            filter_ = finding.principal_filter(settings, name)
            answer, found = line.search(settings.base, filter_, attributes, settings.answer_s, limit=2)
        else:
            answer, found = line.search(target.bind_as, "(objectClass=*)", attributes, settings.answer_s, scope="BASE")
        if len(found) != 1:
            raise faults.DirectoryEntryIncomplete(
                "Your password was accepted, but your entry in the directory cannot be read.",
                detail=f"{target.bind_as}: {len(found)} entries, {answer.code} {answer.untrusted_text}",
            )
        return found[0]

    async def _tries_left(self, line: Line, target: _Target) -> int | None:
        """Ask, as the read account, how many more wrong passwords the officer has; a courtesy that never fails."""
        entry = target.entry
        if entry is None or not self._has_search_account:
            return None
        try:
            await self._bind_for_search(line)
            return await self._run(line, lambda: tries_left(line, entry, self._settings))
        except (LineFault, SignInRefused) as fault:
            _log.info("tries left not known: %s", fault)
            return None

    async def _entry_to_change(self, line: Line, target: _Target, name: str, *, as_search: bool) -> Entry:
        try:
            if as_search:
                await self._bind_for_search(line)
            if target.entry is not None:
                return target.entry
            return await self._run(line, lambda: self._own_entry(line, target, name))
        except faults.DirectoryEntryIncomplete:
            # Until a password that must change is changed, OpenLDAP answers nothing else; the template gave the DN.
            if self._settings.find != "template":
                raise
            return Entry(target.bind_as, {})
        except NoAnswer as fault:
            raise faults.DirectoryUnreachable(
                "The directory stopped answering; your password was not changed.", detail=str(fault)
            ) from None

    async def _change(self, line: Line, entry: Entry, old: Secret, new: Secret) -> Answer:
        change = line.change_unicode_pwd if finding.is_active_directory(entry) else line.change_by_extension
        try:
            return await self._run(line, lambda: change(entry.dn, old, new, self._settings.answer_s))
        except NoAnswer as fault:
            raise refusals.PasswordChangeUnknown.given(str(fault)) from None

    async def _run(self, line: Line, work: Callable[[], T]) -> T:
        return await in_thread(work, cut=line.cut)


def _checked(proof: Proof) -> str:
    if not proof.user_name.strip() or not proof.password:
        # An empty password would be an "unauthenticated bind" (RFC 4513 §5.1.2), which many servers call a success.
        raise refusals.NameOrPasswordMissing.given("nothing was sent")
    return finding.checked_name(proof.user_name)


def _tls_context(settings: DirectorySettings) -> ssl.SSLContext:
    # Not the default context: it writes keys into a file that the environment names (SSLKEYLOGFILE).
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if settings.ca_file is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(cafile=str(settings.ca_file))
    except OSError as fault:  # ssl.SSLError, for a file that holds no certificate, is one too
        raise SettingsError(
            "The directory's CA file cannot be used.", detail=f"directory.ca_file {settings.ca_file}: {fault}"
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False  # a subject's common name says nothing about hosts (RFC 9525 §2)
    return context


def _warning_of(entry: Entry) -> str:
    seconds = expires_in_s(entry)
    return password_policy.expiry_words(seconds) if seconds is not None and 0 <= seconds < _WARN_S else ""


def _certificate_refused(detail: str) -> faults.DirectoryCertificateRefused:
    return faults.DirectoryCertificateRefused(
        "The directory's certificate does not prove that it is the directory. Your password was not sent.",
        detail=detail,
    )


def _not_searched(line: Line, answer: Answer) -> LineFault | SignInRefused:
    if answer.code in password_policy.BUSY:  # another server may not be
        return NoAnswer(f"{line.address.url}: {answer.code} {answer.untrusted_text}")
    return faults.DirectorySearchRefused(
        "This computer may not look officers up.", detail=f"{answer.code} {answer.untrusted_text}"
    )


def _close(line: Line | None) -> None:
    if line is not None:
        line.close()
