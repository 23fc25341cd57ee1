"""Programs keep the contract of connectors, and their own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.connectors.plan import CredentialName, ProgramTarget
from launcher.connectors.program import ProgramConnector
from launcher.connectors.program.plan import is_allowed
from launcher.recipes.steps import Fill
from tests.contract.connectors.contract import READY, ConnectorContract, settings_with

PLAIN = '[program]\nargv = ["/opt/force/bin/viewer"]\n'
ALLOWED = [f"/opt/force/bin/{name}" for name in ("viewer", "records", "exhibits")]


def program(argv: str = '"/opt/force/bin/viewer"', more: str = "") -> str:
    return f"[program]\nargv = [{argv}]\n{more}\n"


LINES = 'give = "stdin"\nlines = ["{username}", "{password}"]'


class TestProgramConnector(ConnectorContract):
    connector = ProgramConnector()
    examples = ("evidence-viewer", "exhibit-scanner", "records-console")
    allowing = settings_with(programs={"executables": ALLOWED})
    forbidding = settings_with(programs={"executables": ["/usr/bin/true"]})
    bad_table = program('"viewer"')

    def sound_table(self) -> str:
        return PLAIN

    def test_by_default_no_program_may_run(self) -> None:
        said = self.said(PLAIN, under=settings_with())
        assert said == ["one.toml:4:1: the policy does not allow '/opt/force/bin/viewer' ([programs] executables)"]

    @pytest.mark.parametrize(
        ("table", "fault"),
        [
            (program('"sh", "-c", "x"'), "4:1: 'sh' is not the absolute path of a program"),
            (program('"./viewer"'), "4:1: './viewer' is not the absolute path of a program"),
            (program('"/bin/{terminal}"'), "4:1: the program's path holds no placeholder"),
            (
                program('"/bin/x", "{password}"'),
                "4:1: {password} is not known here; known are {descriptor}, {terminal}, {place}; "
                "name and password are never arguments",
            ),
            (program('"/bin/x", "--user={username}"'), "4:1: {username} is not known here"),
            (program('"/bin/x", "{HOME}"'), "4:1: {HOME} is not known here"),
            (program('"/bin/x", "{descriptor}"'), "4:1: {descriptor} needs give = descriptor"),
            (
                program('"/bin/x"', 'give = "descriptor"\nlines = ["{password}"]'),
                "5:1: give = descriptor needs an argument with {descriptor}",
            ),
            (program(more='lines = ["{username}"]'), "5:1: lines needs give = stdin or give = descriptor"),
            (program(more='give = "stdin"\nlines = ["{user}"]'), "6:1: {user} is not known; known are {username}"),
            (program(more='give = "stdin"\nlines = ["{otp}"]'), "6:1: {otp} needs otp = true"),
            (program(more='give = "stdin"\nlines = ["a\\nb"]'), "6:1: a line may not hold a line break"),
            (program(more='give = "stdin"'), "5:1: give = stdin needs lines, or a step that fills"),
            (program(more=f"{LINES}\notp = true"), "7:1: otp = true needs a step that fills {otp}"),
            (program(more='env = { LD_PRELOAD = "/tmp/x.so" }'), "5:1: an entry may not set LD_PRELOAD"),
            (program(more='env = { path = "/tmp" }'), "5:1: an entry may not set path"),
            (program(more='env = { "A=B" = "x" }'), "5:1: 'A=B' is not a name for the environment"),
            (program(more='env = { A = "{password}" }'), "5:1: {password} is not known here"),
            (program(more='cwd = "here"'), "5:1: 'here' is not an absolute path"),
            (program('"/bin/x"', 'shell = "x"'), "5:1: unknown key 'shell'"),
            ("[program]\nargv = []\n", "4:1: 'argv' may not be empty"),
            ('[program]\nargv = "/bin/x y"\n', "4:1: 'argv' should be a list [ … ]"),
        ],
    )
    def test_tables_that_are_refused(self, table: str, fault: str) -> None:
        said = self.said(table)
        assert any(line.startswith(f"one.toml:{fault}") for line in said), said

    @pytest.mark.parametrize(
        ("more", "rest", "fault"),
        [
            (LINES, '[[step]]\ndo = "wait"\ntext = "x"\n', "6:1: give either lines or steps"),
            (
                'give = "stdin"',
                '[[step]]\ndo = "fill"\nfield = "#x"\nvalue = "{password}"\n',
                "8:1: a program has no fields",
            ),
            ("", '[[step]]\ndo = "fill"\nvalue = "{password}"\n', "8:1: give = none gives the program nothing"),
            ("", '[[step]]\ndo = "fill"\nvalue = "x"\nby = "keys"\n', "9:1: a program has no fields to type into"),
            ("", '[[step]]\ndo = "press"\ncontrol = "#x"\n', "6:1: a program has nothing to press but"),
            ("", '[[step]]\ndo = "wait"\nselector = "#x"\n', "6:1: a program shows text only"),
            ("", '[[step]]\ndo = "wait"\ntext = "x"\nabsent = "#x"\n', "6:1: a program shows text only"),
            ("", '[[marker]]\nmeans = "failed"\nurl = "https://x"\n', "6:1: a program shows text only"),
            (
                "",
                '[[marker]]\nmeans = "failed"\ntext = "x"\nrefused = "code"\n',
                '9:1: refused = "code" needs otp = true',
            ),
            ("", '[[marker]]\nmeans = "signed-off"\ntext = "x"\n', "6:1: a program is not signed on again"),
        ],
    )
    def test_steps_that_do_not_fit(self, more: str, rest: str, fault: str) -> None:
        said = self.said(program(more=more).replace("\n\n", "\n"), rest + READY)
        lines = [line for line in said if fault.split(": ", 1)[1] in line]
        assert len(lines) == 1, said

    def test_lines_become_fills_and_the_credential_is_named(self) -> None:
        plan = self.connector.plan(self.entry(program(more=LINES)), self.allowing)
        assert plan.sign_on == "program"
        assert plan.recipe.steps == (Fill(value="{username}"), Fill(value="{password}"))
        assert plan.grants == (CredentialName("one", "store"),)

    def test_a_program_without_a_logon_has_no_grant(self) -> None:
        plan = self.connector.plan(self.entry(PLAIN), self.allowing)
        assert (plan.sign_on, plan.grants, plan.url, plan.visits) == ("none", (), "", ())

    def test_arguments_and_environment_take_the_stations_own_values_only(self) -> None:
        table = program(
            '"/opt/force/bin/viewer", "--at={terminal}", "; rm -rf /", "$(x) `y`"', 'env = { SITE = "{place}" }'
        )
        plan = self.connector.plan(self.entry(table), self.allowing)
        assert plan.target == ProgramTarget(
            ("/opt/force/bin/viewer", "--at=FD-02", "; rm -rf /", "$(x) `y`"), "none", (("SITE", "Front desk"),), ""
        )

    def test_a_value_of_the_settings_is_not_read_again(self) -> None:
        under = settings_with(station={"terminal": "{place}", "place": "{terminal}"}, programs={"executables": ALLOWED})
        table = program('"/opt/force/bin/viewer", "{terminal}-{place}"')
        plan = self.connector.plan(self.entry(table), under)
        assert isinstance(plan.target, ProgramTarget)
        assert plan.target.argv[1] == "{place}-{terminal}"

    def test_the_address_for_a_person_is_the_programs_name(self) -> None:
        assert self.connector.address(self.entry(PLAIN)) == "viewer"
        assert self.connector.address(self.entry(program(r'"C:\\force\\viewer.exe"'))) == "viewer.exe"


def test_links_are_followed_on_both_sides_of_the_policy(tmp_path: Path) -> None:
    real, link, other = tmp_path / "real", tmp_path / "link", tmp_path / "other"
    real.touch()
    other.touch()
    link.symlink_to(real)
    assert is_allowed(str(link), (str(real),))
    assert is_allowed(str(real), (str(link),))
    assert is_allowed(f"{tmp_path}/x/../real", (str(real),))
    assert not is_allowed(str(other), (str(link), str(real)))
    assert not is_allowed(str(real), ())


def test_a_link_that_leads_to_itself_is_no_program(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert not is_allowed(str(tmp_path / "a"), ("/usr/bin/true",))
