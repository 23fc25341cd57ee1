#!/usr/bin/python3
"""Enters officers, groups and a service into a new domain; run by the system's own Python, which has Samba's library.

The configuration file is its argument; what to enter comes as JSON on standard input. The controller need not run.
"""

import json
import sys
import time

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

# A flag of Samba's own: the time of a password is written as it is, and not by who writes passwords.
_AS_GIVEN = "local_oid:1.3.6.1.4.1.7165.4.3.12:0"
_TICKS_S = 10_000_000  # of 100 ns
_UNIX_S = 11_644_473_600  # from 1601 to 1970
_NORMAL, _DISABLED, _CARD = 0x200, 0x2, 0x40000

_WRONG = {
    "must change": {"pwdLastSet": "0"},
    "disabled": {"userAccountControl": str(_NORMAL | _DISABLED)},
    "ended": {"accountExpires": str(10_000 * 86_400 * _TICKS_S)},
    "expired": {"pwdLastSet": str(int((time.time() - 100 * 86_400 + _UNIX_S) * _TICKS_S))},
    "hours": {"logonHours": b"\0" * 21},
    "elsewhere": {"userWorkstations": "SOMEWHERE-ELSE"},
    "card": {"userAccountControl": str(_NORMAL | _CARD)},
}


def main(config: str) -> None:
    asked = json.load(sys.stdin)
    parameters = LoadParm()
    parameters.load(config)
    database = SamDB(url=parameters.private_path("sam.ldb"), session_info=system_session(), lp=parameters)
    base = str(database.domain_dn())
    officers = f"OU=Officers,{base}"
    database.transaction_start()
    half_an_hour = str(-30 * 60 * _TICKS_S)
    policy = {
        "lockoutThreshold": "3",
        "lockoutDuration": half_an_hour,
        "lockOutObservationWindow": half_an_hour,
        "minPwdAge": "0",
    }
    _replace(database, base, policy)
    database.add({"dn": officers, "objectClass": "organizationalUnit"})
    for group in asked["groups"]:
        database.newgroup(group, groupou="OU=Officers")
    for one in asked["people"]:
        database.newuser(
            one["name"], asked["password"], userou="OU=Officers", useusernameascn=True, mailaddress=one["mail"]
        )
        dn = f"CN={one['name']},{officers}"
        _replace(database, dn, {"displayName": one["shown"], "employeeNumber": one["number"]})
        for group in one["groups"]:
            database.add_remove_group_members(group, [one["name"]], add_members_operation=True)
        if one["state"] in _WRONG:
            _replace(database, dn, _WRONG[one["state"]], [_AS_GIVEN] if one["state"] == "expired" else [])
    for group, above in asked["nested"].items():
        for one in above:
            database.add_remove_group_members(one, [group], add_members_operation=True)
    database.newuser("svc-web", asked["password"], userou="OU=Officers", useusernameascn=True)
    _replace(database, f"CN=svc-web,{officers}", {"servicePrincipalName": asked["services"]})
    database.transaction_commit()


def _replace(database: SamDB, dn: str, values: dict, controls: list = ()) -> None:
    message = ldb.Message(ldb.Dn(database, dn))
    for name, value in values.items():
        message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
    database.modify(message, controls=list(controls))


main(sys.argv[1])
