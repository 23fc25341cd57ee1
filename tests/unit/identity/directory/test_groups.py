"""Nested groups by each way, against a directory in memory that answers the filters the module writes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from launcher.identity.directory.client import Answer, Entry, Scope
from launcher.identity.directory.faults import DirectoryAnswerUnexpected
from launcher.identity.directory.groups import cn_of, groups_of
from launcher.policy.settings import GroupsBy
from tests.unit.identity.directory.memory_directory import MemoryDirectory

BASE = "ou=groups,dc=x"


def group(
    cn: str, *, members: Sequence[str] = (), above: Sequence[str] = (), sid: bytes = b"", under: str = BASE
) -> Entry:
    values: dict[str, tuple[bytes, ...]] = {"cn": (cn.encode(),), "member": tuple(dn.encode() for dn in members)}
    values["memberof"] = tuple(dn.encode() for dn in above)
    if sid:
        values["objectsid"] = (sid,)
    return Entry(f"cn={cn},{under}", values)


def officer(*above: str, **values: tuple[bytes, ...]) -> Entry:
    return Entry("uid=alice,ou=people,dc=x", {"memberof": tuple(dn.encode() for dn in above)} | values)


# alice is in Custody, Custody in Front-Office, that in All, and All in Custody again: a ring.
RING = (
    group("Custody", members=["uid=alice,ou=people,dc=x", f"cn=All,{BASE}"], above=[f"cn=Front-Office,{BASE}"]),
    group("Front-Office", members=[f"cn=Custody,{BASE}"], above=[f"cn=All,  {BASE}"]),
    group("All", members=[f"cn=Front-Office,{BASE}"], above=[f"cn=custody,{BASE}"]),
    group("Other", members=["uid=bob,ou=people,dc=x"]),
)
ALL = frozenset({"custody", "front-office", "all"})


@pytest.mark.parametrize("by", ["auto", "member", "memberOf"])
def test_nested_groups_are_found_and_a_ring_ends(by: GroupsBy) -> None:
    directory = MemoryDirectory(*RING)
    assert groups_of(directory.search, officer(f"cn=Custody,{BASE}"), by, BASE) == ALL
    assert directory.searches <= 5  # one for each level, not for each group


def test_without_member_of_auto_asks_who_has_the_officer_as_a_member() -> None:
    assert groups_of(MemoryDirectory(*RING).search, officer(), "auto", BASE) == ALL


def test_active_directory_gives_security_identifiers_and_then_their_names() -> None:
    sids = tuple(bytes([1, 5, number, 0x28, 0x5C]) for number in range(120))
    groups = [group(f"G{number}", sid=sid) for number, sid in enumerate(sids)]
    alice = officer(objectguid=(b"0" * 16,), tokengroups=sids)
    directory = MemoryDirectory(alice, *groups)
    assert groups_of(directory.search, alice, "auto", BASE) == {f"g{number}" for number in range(120)}
    assert directory.searches == 4


def test_in_chain_is_one_search_and_only_on_request() -> None:
    directory = MemoryDirectory(group("Custody", members=["uid=alice,ou=people,dc=x"]))
    assert groups_of(directory.search, officer(), "in-chain", BASE) == {"custody"}
    assert directory.searches == 1


def test_a_group_of_the_same_name_elsewhere_gives_nothing() -> None:
    elsewhere = "ou=people,dc=x"
    directory = MemoryDirectory(
        group("Custody", under=elsewhere, members=["uid=alice,ou=people,dc=x"]), group("Custody")
    )
    for by in ("member", "memberOf"):
        assert groups_of(directory.search, officer(f"cn=Custody,{elsewhere}"), by, BASE) == frozenset()


def test_a_group_that_cannot_be_read_counts_by_its_name() -> None:
    assert groups_of(MemoryDirectory().search, officer(f"cn=Hidden,{BASE}"), "memberOf", BASE) == {"hidden"}


def test_a_group_named_by_something_else_is_read_by_itself() -> None:
    odd = Entry(f"ou=odd,{BASE}", {"cn": (b"Response",), "memberof": ()})
    assert groups_of(MemoryDirectory(odd).search, officer(odd.dn), "memberOf", BASE) == {"response"}


def test_a_refused_search_is_said_rather_than_taken_for_no_groups() -> None:
    def refuse(
        base: str, filter_: str, attributes: Sequence[str], *, scope: Scope = "SUBTREE"
    ) -> tuple[Answer, tuple[Entry, ...]]:
        return Answer(50, "insufficient access rights"), ()

    with pytest.raises(DirectoryAnswerUnexpected) as refused:
        groups_of(refuse, officer(), "member", BASE)
    assert "50" in refused.value.detail


@pytest.mark.parametrize(
    ("dn", "name"),
    [
        ("cn=Custody,ou=x", "Custody"),
        ("CN = Custody , ou=x", "Custody"),
        ("cn=a\\,b,ou=x", "a,b"),
        ("cn=Caf\\c3\\a9,ou=x", "Café"),
        ("cn=Café,ou=x", "Café"),
        ("cn=x\\2Cy,ou=x", "x,y"),
        ("cn=a+uid=b,ou=x", "a"),
        ("ou=x", ""),
    ],
)
def test_the_name_in_a_dn(dn: str, name: str) -> None:
    assert cn_of(dn) == name
