"""What is logged of a fault: what it is and where it arose, and nothing of what it says."""

from __future__ import annotations

import logging

import pytest

from launcher.session.faults import error_view


def test_a_fault_of_our_own_is_logged_with_its_place_and_without_its_text(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(logging.getLogger(), "handlers", [])  # as in a session, whose log is its error output
        with pytest.raises(ValueError, match="invalid literal") as caught:
            int("typed by somebody")
        view = error_view(caught.value)
    said = capfd.readouterr().err
    assert said.startswith(f"internal fault: ValueError at {__name__}:")
    assert "typed" not in said + view.what + view.next_step
    assert view.reference == "internal-fault"
