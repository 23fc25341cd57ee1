"""What a new password must be, said in words that a person can follow."""

from __future__ import annotations

import pytest

from launcher.connectors.password_rules import PasswordRules
from launcher.secret import Secret


@pytest.mark.parametrize(
    ("rules", "new", "fault"),
    [
        (PasswordRules(), "any thing", ""),
        (PasswordRules(6, 8), "SHORT", "it needs 6 characters or more"),
        (PasswordRules(1, 1), "ab", "it may have 1 character at most"),
        (PasswordRules(6, 8), "LONGER-THAN", "it may have 8 characters at most"),
        (PasswordRules(6, 8, "A-Z0-9@#$"), "NEW#2026", ""),
        (PasswordRules(6, 8, "A-Z0-9@#$"), "new#2026", "only these characters may stand in it: A-Z0-9@#$"),
        (PasswordRules(1, 8, "A-Z-"), "A-B", ""),
        (PasswordRules(1, 8, "-A"), "A-", ""),
        (PasswordRules(1, 8, "]^."), "^]x", "only these characters may stand in it: ]^."),
        (PasswordRules(), "", "it needs 1 character or more"),
        (PasswordRules(), "a\tb", "it holds a character that is a key"),
    ],
)
def test_rules_for_a_new_password(rules: PasswordRules, new: str, fault: str) -> None:
    assert rules.fault(Secret(new)) == fault
