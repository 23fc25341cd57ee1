"""The words of the command line: which are understood, and by whom."""

from __future__ import annotations

import pytest

from launcher.cli import main, parser, plain


@pytest.mark.parametrize(
    "argv",
    [
        ["start", "--events", "--residue-check", "--leave-out", "a", "--station", "f", "--state", "d"],
        ["session", "--station", "f"],
        ["demo", "--headless", "--json", "f", "--delay-ms", "10", "--theme", "dark", "--text-scale", "2"],
        ["demo", "--journey", "hand-over", "--json", "f"],
        ["doctor"],
        ["doctor", "--json", "--state", "d"],
        ["station", "install", "--dry-run", "--display", "none", "--windows", "none", "--group", "audio"],
        ["station", "remove", "--root", "d"],
        ["station", "enrol", "--code-fd", "3", "--station", "f", "--state", "d"],
        ["station", "enrol", "--forget"],
        ["catalogue", "check"],
        ["catalogue", "list", "folder", "--station", "f"],
        ["system", "try", "custody-record", "--user", "4471", "--password-fd", "3", "--show"],
        ["key", "directory-search", "--value-fd", "3"],
        ["timings", "--json", "--days", "1"],
        ["timings", "--notices", "--json"],
    ],
    ids=" ".join,
)
def test_words_that_are_understood(argv: list[str]) -> None:
    assert parser().parse_args(argv).command == argv[0]


@pytest.mark.parametrize(
    "argv",
    [
        ["start"],
        ["start", "--events", "--residue-check", "--leave-out", "a", "--station", "f", "--state", "d"],
        ["start", "--leave-out", "a", "--leave-out", "b/c", "--station", "f", "--station", "g"],
        ["session", "--station", "a file", "--state", "d"],
        ["session", "--residue-check", "--first"],
    ],
    ids=" ".join,
)
def test_words_a_screen_waits_for_are_read_without_the_parser_and_as_it_does(argv: list[str]) -> None:
    read = plain(argv)
    assert read is not None
    assert vars(read) == vars(parser().parse_args(argv))


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["demo"],
        ["start", "--help"],
        ["start", "--station"],
        ["start", "--station", "--events"],
        ["start", "--station=f"],
        ["start", "--eve"],
        ["start", "f"],
        ["session", "--events"],
        ["--version", "start"],
    ],
    ids=" ".join,
)
def test_all_other_words_are_the_parsers(argv: list[str]) -> None:
    assert plain(argv) is None


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["stop"],
        ["catalogue"],
        ["catalogue", "mend"],
        ["station"],
        ["station", "install", "--group", "sudo"],
        ["station", "install", "--windows", "twm"],
        ["system", "try"],
        ["key", "another-name"],
        ["demo", "--theme", "pink"],
        ["demo", "--delay-ms", "soon"],
        ["timings", "--days", "few"],
        ["timings", "--days", "-1"],
        ["timings", "--days", "0"],
        ["timings", "--days", "nan"],
        ["timings", "--days", "inf"],
        ["start", "--password", "x"],
    ],
    ids=" ".join,
)
def test_words_that_are_not_end_with_status_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2
    assert "usage: station-launcher" in capsys.readouterr().err
