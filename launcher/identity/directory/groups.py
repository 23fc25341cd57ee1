"""Every group an officer is in, groups within groups included, by whichever way the directory offers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from launcher.identity.directory.client import Answer, Entry, Scope
from launcher.identity.directory.faults import DirectoryAnswerUnexpected
from launcher.identity.directory.finding import bytes_in_filter, in_filter, is_active_directory
from launcher.identity.directory.password_policy import NO_SUCH_OBJECT, SUCCESS
from launcher.policy.settings import GroupsBy

# LDAP_MATCHING_RULE_IN_CHAIN ([MS-ADTS] 3.1.1.3.4.4.3). OpenLDAP accepts it and silently finds nothing, so that it is
# used only where it was asked for by name.
_IN_CHAIN = "1.2.840.113556.1.4.1941"
_CHUNK = 50  # values in one filter
_MOST_GROUPS = 5000
_DEEPEST = 30
_CN = re.compile(r"\s*cn\s*=\s*((?:[^\\,+]|\\.)+)", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-9a-fA-F]{2})|\\(.)", re.DOTALL)
_PADDING = re.compile(r"(?<!\\)\s+\Z")  # a space that belongs to the name is escaped
_COMMA = re.compile(r"\s*,\s*")


T = TypeVar("T")


class Search(Protocol):
    """One search over a bound line."""

    def __call__(
        self, base: str, filter_: str, attributes: Sequence[str], *, scope: Scope = "SUBTREE"
    ) -> tuple[Answer, tuple[Entry, ...]]:
        """Find entries, as :meth:`launcher.identity.directory.client.Line.search` does."""
        ...


def groups_of(search: Search, entry: Entry, by: GroupsBy, group_base: str) -> frozenset[str]:
    """Return the lower-case names (cn) of all groups of ``entry``, which holds its own memberOf.

    Blocks. Raises :class:`DirectoryAnswerUnexpected` when the directory refuses a search; no group is no fault.
    """
    find = _ways()[_way(by, entry)]
    return frozenset(name.lower() for name in find(search, entry, group_base) if name)


def _way(by: GroupsBy, entry: Entry) -> GroupsBy:
    if by != "auto":
        return by
    if is_active_directory(entry):
        return "tokenGroups"
    return "memberOf" if entry.all("memberOf") else "member"


def _ways() -> dict[GroupsBy, Callable[[Search, Entry, str], Iterable[str]]]:
    return {"tokenGroups": _token_groups, "in-chain": _in_chain, "memberOf": _member_of, "member": _member}


def _token_groups(search: Search, entry: Entry, group_base: str) -> Iterator[str]:
    """Active Directory's own closure, as security identifiers: one read, then their names."""
    found = _found(search(entry.dn, "(objectClass=*)", ["tokenGroups"], scope="BASE"))
    for chunk in _chunks([sid for one in found for sid in one.all("tokenGroups")]):
        filter_ = "".join(f"(objectSid={bytes_in_filter(sid)})" for sid in chunk)
        for group in _found(search(group_base, f"(|{filter_})", ["cn"])):
            yield group.text("cn")


def _in_chain(search: Search, entry: Entry, group_base: str) -> Iterator[str]:
    """Active Directory's matching rule: one search, slower than tokenGroups, distribution groups included."""
    for group in _found(search(group_base, f"(member:{_IN_CHAIN}:={in_filter(entry.dn)})", ["cn"])):
        yield group.text("cn")


def _member(search: Search, entry: Entry, group_base: str) -> Iterator[str]:
    """Who has this one as a member, then who has those: one search for each level."""
    seen = {entry.dn.lower()}
    level = [entry.dn]
    for _ in range(_DEEPEST):
        above: dict[str, Entry] = {}
        for chunk in _chunks(level):
            filter_ = "".join(f"(member={in_filter(dn)})(uniqueMember={in_filter(dn)})" for dn in chunk)
            for group in _found(search(group_base, f"(|{filter_})", ["cn"])):
                above.setdefault(group.dn.lower(), group)
        fresh = [group for dn, group in above.items() if dn not in seen]
        if not fresh or len(seen) > _MOST_GROUPS:
            return
        seen.update(group.dn.lower() for group in fresh)
        level = [group.dn for group in fresh]
        for group in fresh:
            yield group.text("cn")


def _member_of(search: Search, entry: Entry, group_base: str) -> Iterator[str]:
    """Follow memberOf from group to group: one search for each level, by the names in the groups' DNs."""
    seen: set[str] = set()
    level = _groups_named_by(entry, group_base)
    for _ in range(_DEEPEST):
        wanted = {_normal(dn): dn for dn in level if _normal(dn) not in seen}
        if not wanted or len(seen) > _MOST_GROUPS:
            return
        seen.update(wanted)
        level = []
        for group in _read(search, wanted, group_base):
            yield group.text("cn") or cn_of(group.dn)
            level += _groups_named_by(group, group_base)


def _groups_named_by(entry: Entry, group_base: str) -> list[str]:
    # A group elsewhere may bear the name of one of ours; the other ways do not find it either.
    ending = f",{_normal(group_base)}"
    names = [value.decode("utf-8", "replace") for value in entry.all("memberOf")]
    return [dn for dn in names if _normal(dn).endswith(ending)]


def _read(search: Search, wanted: dict[str, str], group_base: str) -> Iterator[Entry]:
    missing = dict(wanted)
    attributes = ["cn", "memberOf"]
    for chunk in _chunks([name for dn in wanted.values() if (name := cn_of(dn))]):
        filter_ = "".join(f"(cn={in_filter(name)})" for name in chunk)
        for group in _found(search(group_base, f"(|{filter_})", attributes)):
            if missing.pop(_normal(group.dn), None):
                yield group
    for dn in missing.values():  # named by something else than cn
        found = _found(search(dn, "(objectClass=*)", attributes, scope="BASE"))
        # Not readable: what its DN says still counts.
        yield found[0] if found else Entry(dn, {})


def cn_of(dn: str) -> str:
    """The group's name where its DN begins with it, else nothing (RFC 4514 §3)."""
    match = _CN.match(dn)
    if not match:
        return ""
    octets = _ESCAPED.sub(_unescaped, _PADDING.sub("", match.group(1)).encode())
    return octets.decode("utf-8", "replace")


def _unescaped(match: re.Match[bytes]) -> bytes:
    pair, sign = match.groups()
    return bytes.fromhex(pair.decode()) if pair else bytes(sign)


def _normal(dn: str) -> str:
    """Write a DN such that two spellings of one that differ in case or in spaces after commas are equal."""
    return _COMMA.sub(",", dn.strip()).lower()


def _found(result: tuple[Answer, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    answer, entries = result
    if answer.code in (SUCCESS, NO_SUCH_OBJECT):
        return entries
    raise DirectoryAnswerUnexpected(
        "The directory did not tell your groups.", detail=f"{answer.code} {answer.untrusted_text}"
    )


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
