"""Terminals keep the contract of connectors, and their own rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.connectors.plan import CredentialName, TerminalTarget
from launcher.connectors.terminal import TerminalConnector
from launcher.connectors.terminal.known_hosts import key_entered
from launcher.terminal.keyboards import OURS
from tests.contract.connectors.contract import TOP, ConnectorContract, settings_with

KEYS = Path(__file__).with_name("known_hosts")
TABLE = '[terminal]\nhost = "{host}"\nline = "{line}"\nsign_on = "{method}"\n'
SCREEN = '[[screen]]\nname = "{name}"\ntext = ["{name}"]\n{rest}\n'
ASKS = 'fill = [{ hidden = true, value = "{password}" }]\npress = "Enter"\n'
PROMPT = '[[screen]]\nname = "password"\nbefore_cursor = "Password:"\n'


def terminal(line: str = "telnet", method: str = "none", host: str = "records.force.example", more: str = "") -> str:
    return TABLE.format(host=host, line=line, method=method) + more


def screen(name: str, rest: str) -> str:
    return SCREEN.format(name=name, rest=rest)


READY = screen("menu", 'means = "ready"')
LOGON = screen("logon", ASKS + 'next = ["menu"]')
OFF = '[terminal.sign_off]\n[[terminal.sign_off.screen]]\nname = "logon"\ntext = ["LOGON"]\nmeans = "logon"\n'
VT_OFF = OFF.replace('text = ["LOGON"]', 'before_cursor = "login:"')
FORM = terminal("tn3270", "form")


class TestTerminalConnector(ConnectorContract):
    connector = TerminalConnector()
    examples = ("dispatch-log", "national-records", "property-store")
    allowing = settings_with(terminals={"telnet_hosts": ["*.force.example"], "known_hosts": KEYS})
    forbidding = settings_with(terminals={"telnet_hosts": ["*.elsewhere.example"]})
    bad_table = terminal(host="records force.example")
    ready = READY

    def sound_table(self) -> str:
        return terminal()

    @pytest.mark.parametrize(
        ("table", "fault"),
        [
            (terminal(host="telnet://records"), "4:1: 'telnet://records' is not a host"),
            (terminal(host="records:23"), "4:1: 'records:23' is not a host"),
            (terminal(host=""), "4:1: '' is not a host"),
            (terminal("3270"), "5:1: '3270' is not known for 'line', did you mean 'tn3270'?"),
            (terminal("tn3270", "key"), "6:1: sign_on = key is not for line = tn3270; known are form, none"),
            (terminal("ssh", "form"), "6:1: sign_on = form is not for line = ssh; known are password, key, ticket"),
            (terminal("ssh", "key"), "6:1: sign_on = key needs key_file"),
            (terminal(more="port = 70000\n"), "7:1: 'port': "),
            (terminal("tn3270", more="tls = false\n"), "7:1: a 3270 without TLS is for this computer's own addresses"),
            (terminal(more="tls = true\n"), "7:1: tls is for line = tn3270"),
            (terminal("tn3270", more='term = "vt220"\n'), "7:1: term is for line = ssh or telnet"),
            (terminal(more="model = 2\n"), "7:1: model is for line = tn3270"),
            (terminal("tn3270", more="model = 6\n"), "7:1: "),
            (terminal(more='user = "x"\n'), "7:1: user is for line = ssh"),
            (terminal("tn3270", more='code_page = "cp28"\n'), "7:1: unknown code page 'cp28', did you mean 'cp28"),
            (terminal("tn3270", more='lu_names = ["A B"]\n'), "7:1: 'A B' is not the name of an LU"),
            (terminal(more='encoding = "utf9"\n'), "7:1: unknown encoding 'utf9'"),
            (terminal(more='encoding = "rot13"\n'), "7:1: unknown encoding 'rot13'"),
            (terminal(more='encoding = "utf-16"\n'), "7:1: 'utf-16' is not an encoding of a terminal"),
            (terminal(more='encoding = "cp037"\n'), "7:1: 'cp037' is not an encoding of a terminal"),
            (terminal(more='term = "x y"\n'), "7:1: 'term': "),
            (terminal(more='credential = "store"\n'), "7:1: credential needs another sign_on than none"),
            (terminal("ssh", "key", more='key_file = "id"\n'), "7:1: 'id' is not an absolute path"),
            (terminal("ssh", "key", more='key_file = "/{password}"\n'), "7:1: of placeholders a path may hold"),
            (terminal("ssh", "password", more='key_file = "/id"\n'), "7:1: key_file is for sign_on = key"),
            (terminal("ssh", "ticket", more='user = "{x}"\n'), "7:1: '{x}' is not a name"),
            (terminal(more="[terminal.sign_of]\n"), "7:1: unknown key 'sign_of', did you mean 'sign_off'?"),
            (
                FORM + "[terminal.change_password]\nshortest = 9\nlongest = 8\n[[terminal.change_password.screen]]\n"
                'name = "a"\nmeans = "changed"\ntext = ["A"]\n',
                "8:1: no password has 9 characters or more",
            ),
        ],
    )
    def test_tables_that_are_refused(self, table: str, fault: str) -> None:
        said = self.said(table)
        assert any(line.startswith(f"one.toml:{fault}") for line in said), said

    def placed(self, table: str, rest: str, at: str, fault: str) -> None:
        """Hold that a fault is said, at the last line of the entry that holds ``at``."""
        lines = (TOP.format(kind="terminal") + table.rstrip() + "\n" + rest).splitlines()
        line = max(number for number, text in enumerate(lines, start=1) if at in text)
        said = self.said(table, rest)
        assert any(one.startswith(f"one.toml:{line}:1: {fault}") for one in said), said

    @pytest.mark.parametrize(
        ("rest", "at", "fault"),
        [
            (
                screen("logon", ASKS + 'next = ["menue"]') + READY,
                "next",
                "unknown screen 'menue', did you mean 'menu'?",
            ),
            (
                LOGON + READY + screen("no", 'means = "failed"\nrefused = "code"'),
                "refused",
                'refused = "code" needs otp = true',
            ),
            (LOGON + READY + READY, "name", "there is a screen 'menu' already"),
            (LOGON + READY + screen("lost", 'means = "notice"'), "[[screen]]", "nothing leads to the screen 'lost'"),
            (screen("logon", ASKS), "name", "say what the screen 'logon' means, or which screens come next"),
            (LOGON + screen("menu", 'means = "logon"'), "means", "'logon' means nothing while signing on; known are a"),
            (LOGON + screen("menu", 'means = "changed"'), "means", "'changed' means nothing while signing on"),
            (
                '[[screen]]\nname = "any"\npress = "Enter"\nnext = ["logon"]\n' + LOGON + READY,
                '"any"',
                "the screen 'any' is recognised by nothing, and would be any: only a sign-off has one",
            ),
            (LOGON.replace('"Enter"', '"enter"') + READY, "press", "unknown key 'enter', did you mean 'Enter'?"),
            (LOGON.replace('"Enter"', '"F3"') + READY, "press", "unknown key 'F3', did you mean 'PF3'?"),
            (LOGON.replace('"Enter"', '"Ctrl+C"') + READY, "press", "unknown key 'Ctrl+C'"),
            (LOGON.replace("hidden = true, ", "") + READY, "fill", "a fill needs its field: label, row and column"),
            (LOGON.replace("{password}", "{new_password}") + READY, "fill", "{new_password} is for [terminal.change_p"),
            (LOGON.replace("{password}", "{otp}") + READY, "fill", "{otp} needs otp = true"),
            (LOGON.replace("{password}", "x") + READY, "sign_on =", "sign_on = form needs a screen that fills a field"),
            (
                LOGON + screen("menu", 'means = "ready"\nsays_row = 25'),
                "says_row",
                "the model 2 has 24 rows and 80 col",
            ),
            (
                LOGON + screen("menu", 'means = "ready"\nat = [{ text = "A", row = 1, column = 81 }]'),
                "at = ",
                "the mod",
            ),
            (
                LOGON + screen("menu", 'means = "ready"\nbefore_cursor = "A"'),
                "before",
                "before_cursor is for line = ssh",
            ),
            (
                screen("logon", ASKS + 'next = ["news"]')
                + screen("news", 'press = "PF3"\nnext = ["logon", "menu"]')
                + READY,
                'next = ["news"]',
                "this leads on to 'logon', which is given the password again: what was refused is not tried",
            ),
            (
                screen("logon", ASKS + 'next = ["two"]') + screen("two", ASKS + 'next = ["menu"]') + READY,
                'next = ["two"]',
                "this leads on to 'two', which is given the password again",
            ),
            (LOGON + READY + '[[step]]\ndo = "wait"\ntext = "A"\n', "[[step]]", "steps are for pages and programs"),
            (LOGON + READY + '[[marker]]\nmeans = "ready"\ntext = "A"\n', "[[marker]]", "markers are for pages and pr"),
        ],
    )
    def test_screens_of_a_3270_that_are_refused(self, rest: str, at: str, fault: str) -> None:
        self.placed(FORM, rest, at, fault)

    def test_a_screen_that_is_given_a_secret_may_not_be_its_own_next(self) -> None:
        (said,) = self.said(FORM, screen("logon", ASKS + 'next = ["logon", "menu"]') + READY)
        assert said.startswith("one.toml:7:1: a screen that is given a secret may not be its own next")

    @pytest.mark.parametrize(
        ("prompt", "at", "fault"),
        [
            ('fill = [{ label = "A", value = "x" }]', "fill", "a VT has no fields: a fill has its value only"),
            ('fill = [{ hidden = true, value = "{password}" }]', "fill", "a VT has no fields"),
            ('fill = [{ value = "{username}" }, { value = "x" }]', "fill", "a VT types at its cursor: one fill"),
            ('inputs = 1\nfill = [{ value = "{password}" }]', "inputs", "inputs is for line = tn3270"),
            ('unlocked = false\nfill = [{ value = "{password}" }]', "unlocked", "unlocked is for line = tn3270"),
            ('press = "PF3"\nfill = [{ value = "{password}" }]', "press", "unknown key 'PF3', did you mean 'F3'?"),
        ],
    )
    def test_screens_of_a_vt_that_are_refused(self, prompt: str, at: str, fault: str) -> None:
        self.placed(terminal("telnet", "form"), PROMPT + prompt + '\nnext = ["menu"]\n' + READY, at, fault)

    def test_a_screen_is_not_recognised_by_what_is_typed_on_the_one_before(self) -> None:
        prompt = '[[screen]]\nname = "shell"\nbefore_cursor = "$"\nfill = [{ value = "show menu" }]\nnext = ["menu"]\n'
        self.placed(
            terminal(), prompt + READY, "fill", "what is typed here is all that the screen 'menu' is recognised"
        )
        there = screen("menu", 'means = "ready"\nbefore_cursor = "Choose:"')
        assert self.said(terminal(), prompt + there, self.allowing) == []

    def test_a_password_is_typed_at_a_prompt_only(self) -> None:
        rest = screen("logon", 'fill = [{ value = "{password}" }]\nnext = ["menu"]') + READY
        self.placed(
            terminal("ssh", "password"), rest, "fill", "a password is typed at a prompt only: say before_cursor"
        )

    @pytest.mark.parametrize("press", ["Enter", "F10", "Ctrl+C", "Ctrl+]", "Do", "PageUp"])
    def test_keys_of_a_vt(self, press: str) -> None:
        rest = PROMPT + f'fill = [{{ value = "{{password}}" }}]\npress = "{press}"\nnext = ["menu"]\n' + READY
        assert [one for one in self.said(terminal("telnet", "form"), rest) if "warning" not in one] == []

    def test_on_a_vt_words_that_may_stand_there_since_before_the_log_on_prove_no_sign_off(self) -> None:
        fault = "on a VT the screen that means logon is known by its prompt: say before_cursor"
        assert any(fault in one for one in self.said(terminal(), OFF + READY))
        assert not any(fault in one for one in self.said(terminal(), VT_OFF + READY))
        assert not any(fault in one for one in self.said(FORM, OFF + LOGON + READY))

    @pytest.mark.parametrize(
        ("off", "at", "fault"),
        [
            (
                'name = "a"\ntext = ["A"]\npress = "PF3"\nnext = ["a"]\n',
                "[terminal.sign_off]",
                "nothing proves the sign",
            ),
            ('name = "a"\ntext = ["A"]\nmeans = "ready"\n', "means", "'ready' means nothing while signing off"),
            ('name = "a"\ntext = ["A"]\npress = "PF3"\n', "name", "say what the screen 'a' means, or which screens"),
            ('name = "a"\nmeans = "logon"\n', "name", "the screen 'a' is recognised by nothing, and would be any"),
            ('name = "a"\nfill = [{ input = 1, value = "X" }]\nnext = ["a"]\n', "name", "the screen 'a' is recognised"),
            (
                'name = "a"\ntext = ["A"]\nfill = [{ hidden = true, value = "{password}" }]\nnext = ["b"]\n',
                "fill",
                "{password} is not filled while signing off",
            ),
        ],
    )
    def test_sign_offs_that_are_refused(self, off: str, at: str, fault: str) -> None:
        table = FORM + "[terminal.sign_off]\n[[terminal.sign_off.screen]]\n" + off
        lines = (TOP.format(kind="terminal") + table + LOGON).splitlines()
        line = next(number for number, text in enumerate(lines, start=1) if number > 6 and at in text)
        assert any(one.startswith(f"one.toml:{line}:1: {fault}") for one in self.said(table, LOGON + READY)), self.said(
            table, LOGON + READY
        )

    def test_a_sign_off_may_be_proved_by_the_end_of_the_line(self) -> None:
        off = '[terminal.sign_off]\nline_end = true\n[[terminal.sign_off.screen]]\nname = "any"\npress = "Ctrl+D"\n'
        table = terminal("ssh", "password", host="dispatch.force.example", more=off)
        assert self.said(table, READY, self.allowing) == []

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ('name = "a"\ntext = ["A"]\nmeans = "changed"\n', "a screen of it must be given {new_password}"),
            (
                'name = "a"\ntext = ["A"]\nfill = [{ hidden = true, value = "{new_password}" }]\nnext = ["b"]\n',
                "a screen of it must mean changed",
            ),
        ],
    )
    def test_changes_of_password_that_are_refused(self, change: str, fault: str) -> None:
        table = FORM + "[terminal.change_password]\n[[terminal.change_password.screen]]\n" + change
        assert f"one.toml:7:1: {fault}" in self.said(table, LOGON + READY)

    def test_a_change_of_the_sign_in_s_password_is_warned_of(self) -> None:
        change = 'name = "a"\ntext = ["A"]\nfill = [{ hidden = true, value = "{new_password}" }]\nnext = ["b"]\n'
        change += '[[terminal.change_password.screen]]\nname = "b"\ntext = ["B"]\nmeans = "changed"\n'
        own = (
            FORM + 'credential = "sign-in"\n[terminal.change_password]\n[[terminal.change_password.screen]]\n' + change
        )
        wants = LOGON.replace('next = ["', 'next = ["old", "') + screen("old", 'means = "change-password"')
        said = self.said(own, wants + READY)
        assert any("warning: never run: the password of the sign-in" in one for one in said), said

    def test_an_entry_that_can_be_used_without_a_sign_off_is_warned_of(self) -> None:
        message = "no [terminal.sign_off]: the host may keep the officer signed on when the line is closed"
        assert self.said(FORM, LOGON + READY) == [f"one.toml:3:1: warning: {message}"]
        assert self.said(FORM + OFF, LOGON + READY) == []
        assert self.said(terminal("ssh", "password", host="dispatch.force.example"), READY, self.allowing) == []

    def test_with_another_beginning_named_other_screens_are_reached(self) -> None:
        rest = LOGON + READY + screen("news", 'press = "PF3"\nnext = ["logon"]')
        table = FORM + 'begins = ["news", "logon"]\n' + OFF
        assert self.said(table, rest) == []
        self.placed(FORM + 'begins = ["new"]\n', rest, "begins", "unknown screen 'new', did you mean 'news'?")

    @pytest.mark.parametrize("host", ["localhost", "records.localhost", "127.0.0.1", "::1"])
    def test_this_computer_is_reached_in_clear_whatever_the_policy(self, host: str) -> None:
        for line, more in (("telnet", ""), ("tn3270", "tls = false\n")):
            plan = self.connector.plan(self.entry(terminal(line, host=host, more=more)), self.forbidding)
            assert isinstance(plan.target, TerminalTarget)
            assert plan.target.in_clear
            assert not plan.target.tls
            assert plan.target.port == 23

    def test_telnet_needs_the_policy_and_a_3270_never_goes_in_clear_by_it(self) -> None:
        plan = self.connector.plan(self.entry(terminal()), self.allowing)
        assert isinstance(plan.target, TerminalTarget)
        assert plan.target.in_clear
        plan = self.connector.plan(self.entry(terminal("tn3270")), self.allowing)
        assert isinstance(plan.target, TerminalTarget)
        assert (plan.target.in_clear, plan.target.tls, plan.target.port) == (False, True, 992)

    def test_ssh_needs_the_hosts_keys(self) -> None:
        table = terminal("ssh", "password", host="dispatch.force.example") + VT_OFF
        assert self.said(table, under=settings_with()) == [
            "one.toml:4:1: the policy does not name the keys of SSH hosts, so none is reached ([terminals] known_hosts)"
        ]
        assert self.said(table, under=self.allowing) == []
        (said,) = self.said(table.replace("dispatch", "elsewhere"), under=self.allowing)
        assert said.startswith("one.toml:4:1: warning: no key of 'elsewhere.force.example' is in ")

    def test_any_line_needs_its_host_in_the_policys_list_where_there_is_one(self) -> None:
        known = {"known_hosts": KEYS, "telnet_hosts": ["*.force.example"]}
        named, other = (settings_with(terminals={**known, "hosts": [one]}) for one in ("*.force.example", "a.example"))
        off = {"ssh": VT_OFF, "tn3270": OFF}
        for line, method in (("telnet", "none"), ("tn3270", "none"), ("ssh", "password")):
            table = terminal(line, method, host="dispatch.force.example") + off.get(line, "")
            assert self.said(table, under=named) == self.said(table, under=settings_with(terminals=known)) == []
            assert self.said(table, under=other) == [
                "one.toml:4:1: the policy does not allow terminals of 'dispatch.force.example' ([terminals] hosts)"
            ]

    def test_a_plan_says_all_that_an_opener_needs(self) -> None:
        under = settings_with(
            terminals={"known_hosts": KEYS, "ca_file": KEYS, "session_logs": KEYS.parent, "scroll_back": 10}
        )
        more = 'lu_names = ["A", "B"]\nmodel = 4\ncode_page = "cp037"\nkeyboard = "pcomm"\notp = false\n'
        plan = self.connector.plan(self.entry(terminal("tn3270", "form", more=more) + OFF, LOGON + READY), under)
        target = plan.target
        assert isinstance(target, TerminalTarget)
        assert (target.lu_names, target.model, target.code_page) == (("A", "B"), 4, "cp037")
        assert target.keyboard == OURS["pcomm"]
        assert (target.ca_file, target.known_hosts, target.session_logs) == (KEYS, None, KEYS.parent)
        assert [one.name for one in target.screens] == ["logon", "menu"]
        assert target.sign_off is not None
        assert target.sign_off.within_s == 10.0
        assert plan.grants == (CredentialName("one", "store", otp=False),)
        assert (plan.sign_on, plan.url, plan.visits) == ("form", "", ())

        more = 'key_file = "/keys/{username}"\nencoding = "cp850"\nrows = 43\n'
        plan = self.connector.plan(self.entry(terminal("ssh", "key", more=more)), under)
        target = plan.target
        assert isinstance(target, TerminalTarget)
        assert (target.port, target.term, target.encoding, target.rows) == (22, "xterm-256color", "cp850", 43)
        assert (target.ca_file, target.known_hosts, target.scroll_back_rows) == (None, KEYS, 10)
        assert plan.grants == (CredentialName("one", "store"),)

    def test_a_name_that_all_share_needs_no_credential_unless_a_screen_is_filled(self) -> None:
        table = terminal("ssh", "key", more='user = "menu"\nkey_file = "/keys/menu"\n')
        assert self.connector.plan(self.entry(table), self.allowing).grants == ()
        rest = PROMPT + 'fill = [{ value = "{password}" }]\npress = "Enter"\nnext = ["menu"]\n' + READY
        assert self.connector.plan(self.entry(table, rest), self.allowing).grants == (CredentialName("one", "store"),)
        assert self.connector.plan(self.entry(terminal()), self.allowing).grants == ()

    def test_the_address_for_a_person_is_the_host(self) -> None:
        assert self.connector.address(self.entry(terminal(host="Records.Force.Example"))) == "records.force.example"
        assert self.connector.address(self.entry(terminal(host="::1", more="port = 2323\n"))) == "[::1]:2323"

    def test_an_entry_without_screens_is_used_by_hand(self) -> None:
        plan = self.connector.plan(self.entry(terminal(), ""), self.allowing)
        assert isinstance(plan.target, TerminalTarget)
        assert plan.target.screens == ()


@pytest.mark.parametrize(
    ("host", "port", "entered"),
    [
        ("dispatch.force.example", 22, True),
        ("DISPATCH.force.example", 22, True),
        ("dispatch.force.example", 2222, True),
        ("gate.force.example", 22, False),
        ("hashed.force.example", 2222, True),
        ("other.force.example", 2222, False),
        ("gate.force.example", 2222, True),
        ("10.1.2.3", 22, True),
        ("a.vms.force.example", 22, True),
        ("old.vms.force.example", 22, False),
        ("hashed.force.example", 22, True),
        ("other.force.example", 22, False),
        ("signed.force.example", 22, True),
        ("revoked.force.example", 22, False),
    ],
)
def test_hosts_in_a_file_of_known_hosts(host: str, port: int, entered: bool) -> None:
    assert key_entered(KEYS, host, port) is entered


def test_a_file_that_cannot_be_read_has_no_host_and_one_that_changes_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    assert not key_entered(file, "a.example", 22)
    file.write_text("# nothing yet\n")
    assert not key_entered(file, "a.example", 22)
    file.write_text("a.example ssh-ed25519 AAAA\n|1|x|y ssh-ed25519 AAAA\n|1| ssh-ed25519 AAAA\n")
    assert key_entered(file, "a.example", 22)
    assert not key_entered(tmp_path, "a.example", 22)
