"""What every driver of a real browser engine keeps beyond the rest: frames, shadow trees, choices, and typed keys."""

from __future__ import annotations

import pytest

from launcher.recipes.steps import Place
from launcher.secret import Secret
from launcher.sign_on.driver import FieldFault, WebDriver, WrongOriginError
from tests.contract.drivers.contract import LONG_S, SHORT_S, WebDriverContract
from tests.contract.drivers.site import NAME, PASSWORD

FORM = """<form method="post" action="/taken"><input id="name" name="name">
<input id="password" name="password" type="password"><button id="go">Log on</button></form>"""

SHADOW = f"""<logon-box id="box"></logon-box><script>
document.getElementById("box").attachShadow({{ mode: "open" }}).innerHTML = `{FORM}<p class="hint">Shadow words</p>`;
</script>"""

CHOICES = """<form method="post" action="/taken">
<select id="force" name="force">
<option value="">-</option><option value="7">North</option><option>South</option></select>
<input type="radio" name="duty" value="day" id="day" checked><label for="day">Day</label>
<input type="radio" name="duty" value="night" id="night"><label for="night">Night duty</label>
<label style="display: block">I agree<input type="checkbox" name="agree" style="display: none"></label>
<input type="checkbox" name="stay" checked>
<button id="go">Go</button></form>"""

# A page that takes what is typed, and nothing else: it puts back whatever a script has written.
TYPED_ONLY = f"""{FORM}<script>
const typed = new Map();
for (const field of document.querySelectorAll("input")) {{
  typed.set(field, "");
  field.addEventListener("beforeinput", (event) => {{ if (event.isTrusted) field.dataset.typing = "1"; }});
  field.addEventListener("input", (event) => {{
    if (event.isTrusted && field.dataset.typing) typed.set(field, field.value); else field.value = typed.get(field);
  }});
}}</script>"""

# It notices only when the form is sent, as far as the driver can tell: a moment after the writing.
TYPED_LATER = TYPED_ONLY.replace(
    "field.value = typed.get(field);",
    """setTimeout(() => { field.value = ""; document.getElementById("gone").hidden = false; });""",
)

# As soon as a key comes, the page moves on to a field that shows what is typed, or shows what is typed itself.
TURNCOATS = (
    """document.getElementById("name").focus()""",
    """event.target.type = "text" """,
)


THIEF = """<script>
const box = document.createElement("iframe"), field = document.createElement("input");
document.documentElement.append(box); // an empty document, in which no engine runs a script of ours
box.contentDocument.documentElement.append(field);
for (const one of [window, box.contentWindow]) one.addEventListener("keydown", (event) => fetch("/told?" + event.key));
setInterval(() => { box.contentWindow.focus(); field.focus(); }, 1);
</script>"""

# Documents without an address of their own that are not the page's all the same: one that it keeps apart, and one that
# a page of another origin has left behind.
STRANGERS = (
    """<iframe sandbox="allow-scripts" srcdoc="<p>Kept apart</p>"></iframe>""",
    """<iframe id="box" src="{other}/leaves"></iframe>""",
)
LEAVES = """<script>addEventListener("load", () => location.replace("about:blank"))</script>"""
THERE = """<p id="there">There</p>"""
TWICE = f"""<div id="late" hidden>{THERE}</div><script>
let loads = 0;
document.getElementById("box").onload = () => {{ if (++loads === 2) document.getElementById("late").hidden = false; }};
</script>"""

AUTO = """<input id="password" type="password"><script>
document.getElementById("password").addEventListener("change", () => location.assign("/asks"))</script>"""


class EngineDriverContract(WebDriverContract):
    """Against pages that only an engine can show."""

    @pytest.mark.parametrize("kind", ["shadow", "frame"])
    def test_a_selector_goes_into_shadow_trees_and_frames_of_the_pages_own(self, kind: str) -> None:
        self.site.pages["/inner"] = SHADOW if kind == "shadow" else f'{FORM}<p class="hint">Shadow words</p>'
        self.site.pages["/framed"] = '<iframe id="box" src="/inner"></iframe>'
        path = "/inner" if kind == "shadow" else "/framed"

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}{path}")
            here = Place(selector="#box >>> .hint", text="Shadow words", absent="#box >>> .nothing")
            assert await driver.first_of([Place(selector=".hint"), here], LONG_S) is not None
            assert await driver.first_of([Place(selector="#box >>> .hint", absent="#box >>> #go")], 0.0) is None
            await driver.fill("#box >>> #name", Secret(NAME))
            await driver.fill("#box >>> #password", Secret(PASSWORD), hides=True)
            await driver.press("#box >>> #go", "")
            taken = [Place(selector="#taken"), Place(selector="#box >>> #taken")]
            assert await driver.first_of(taken, LONG_S) is not None

        self.drive_page(walk)
        assert self.site.sent == {"name": NAME, "password": PASSWORD}

    @pytest.mark.usefixtures("in_vain")
    def test_a_frame_of_another_origin_is_left_alone_and_named(self) -> None:
        self.other_site.pages["/mimic"] = FORM
        self.site.pages["/framed"] = f'<iframe id="box" src="{self.other}/mimic"></iframe>'
        host = self.other.removeprefix("http://")

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/framed")
            with pytest.raises(FieldFault, match=f"lies in a frame of {host}"):
                await driver.fill("#box >>> #password", Secret(PASSWORD), hides=True)
            assert await driver.first_of([Place(selector="#box >>> #password")], SHORT_S) is None
            assert await driver.first_of([Place(selector="#box", absent="#box >>> #none")], SHORT_S) is None
            with pytest.raises(FieldFault, match=f"lies in a frame of {host}"):
                await driver.press("#box >>> #go", "")

        self.drive_page(walk)
        assert self.other_site.passwords == []

    def test_a_look_of_a_run_ends_with_the_fault_that_the_page_meets(self) -> None:
        form = f'<p id="stays">Moment</p><form id="f" method="post" action="{self.other}/saml"></form>'
        self.site.pages["/sent"] = f"{form}<script>setTimeout(() => f.submit(), 500)</script>"

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/sent")
            with pytest.raises(WrongOriginError):
                await driver.first_of([Place(selector="#taken")], 60 * LONG_S, or_fault=True)
            assert await driver.first_of([Place(selector="#stays")], LONG_S, or_fault=True) is not None  # it is past it

        self.drive_page(walk)
        assert self.other_site.requests == []

    def test_a_form_that_its_page_sends_itself_and_shows_again_asks_again(self) -> None:
        busy = "onclick = () => { go.disabled = true; fetch('/main').then(() => { go.disabled = false; }); }"
        self.site.pages["/one"] = f'<input id="p" type="password"><button id="go">On</button><script>{busy}</script>'

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/one")
            await driver.fill("#p", Secret(PASSWORD), hides=True)
            assert (await driver.document_now()).asks_again == ""
            await driver.press("#go", "")
            assert await driver.first_of([Place(selector="#go:enabled")], LONG_S) is not None
            assert (await driver.document_now()).asks_again == "stands"

        self.drive_page(walk)

    def test_a_page_that_answers_nothing_for_a_while_is_filled_once_it_does(self) -> None:
        busy = "onclick = () => setTimeout(() => { const end = Date.now() + 3500; while (Date.now() < end); })"
        self.site.pages["/one"] = f'<input id="p" type="password"><button id="go">On</button><script>{busy}</script>'

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/one")
            await driver.press("#go", "")
            await driver.fill("#p", Secret(PASSWORD), hides=True)
            assert await driver.first_of([Place(selector="#p")], LONG_S) is not None

        self.drive_page(walk)

    def test_choices_and_boxes_take_a_value_or_a_text(self) -> None:
        self.site.pages["/choices"] = CHOICES

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/choices")
            for field, value in (
                ("#force", "7"),
                ("#force", "South"),
                ("[name=duty]", "Night duty"),
                ("[name=agree]", "on"),
                ("[name=stay]", "off"),
            ):
                await driver.fill(field, Secret(value))
            await driver.press("#go", "")
            assert await driver.first_of([Place(selector="#taken")], LONG_S) is not None

        self.drive_page(walk)
        assert self.site.sent == {"force": "South", "duty": "night", "agree": "on"}

    @pytest.mark.usefixtures("in_vain")
    def test_a_choice_that_is_not_offered_is_said(self) -> None:
        self.site.pages["/choices"] = CHOICES

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/choices")
            with pytest.raises(FieldFault, match="offers no such choice"):
                await driver.fill("#force", Secret("East"))

        self.drive_page(walk)

    @pytest.mark.parametrize("by_keys", [False, True])
    def test_a_page_that_keeps_nothing_scripts_write_is_typed_into(self, by_keys: bool) -> None:
        self.site.pages["/typed"] = TYPED_ONLY

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/typed")
            await driver.fill("#name", Secret("é £9"), by_keys=by_keys)
            await driver.fill("#password", Secret(PASSWORD), hides=True, by_keys=by_keys)
            await driver.press("#go", "")
            assert await driver.first_of([Place(selector="#taken")], LONG_S) is not None
            assert driver.officer_acts() == 0
            assert not driver.officer_typed_hidden()

        self.drive_page(walk)
        assert self.site.sent == {"name": "é £9", "password": PASSWORD}
        assert self.site.passwords == [PASSWORD]

    def test_a_page_that_empties_a_field_before_it_is_sent_is_typed_into(self) -> None:
        self.site.pages["/typed"] = TYPED_LATER + '<p id="gone" hidden>Gone</p>'

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/typed")
            await driver.fill("#password", Secret(PASSWORD), hides=True)
            assert await driver.first_of([Place(selector="#gone")], LONG_S) is not None
            await driver.press("#go", "")
            assert await driver.first_of([Place(selector="#taken")], LONG_S) is not None

        self.drive_page(walk)
        assert self.site.passwords == [PASSWORD]

    @pytest.mark.usefixtures("in_vain")
    @pytest.mark.parametrize("turns", TURNCOATS)
    def test_typed_keys_go_into_the_field_that_was_meant_or_nowhere(self, turns: str) -> None:
        watch = f'document.getElementById("password").addEventListener("keydown", (event) => {{ {turns} }});'
        shows = 'addEventListener("input", () => fetch("/told?" + document.getElementById("name").value));'
        shows += 'addEventListener("input", (event) => { if (event.target.type === "text") fetch("/told"); });'
        self.site.pages["/turns"] = f"{FORM}<script>{watch}{shows}</script>"

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/turns")
            with pytest.raises(FieldFault):
                await driver.fill("#password", Secret(PASSWORD), hides=True, by_keys=True)

        self.drive_page(walk)
        assert not [request for request in self.site.requests if request.path.startswith("/told")]

    @pytest.mark.usefixtures("in_vain")
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_a_frame_of_another_origin_that_takes_the_focus_gets_no_key(self, host: str) -> None:
        """Of another site too, which engines give a process of its own."""
        self.other_site.pages["/thief"] = THIEF
        address = self.other.replace("127.0.0.1", host)
        there = "document.body.append('it is there')"
        self.site.pages["/framed"] = f'{FORM}<iframe id="box" src="{address}/thief" onload="{there}"></iframe>'

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/framed")
            assert (
                await driver.first_of([Place(text="it is there")], LONG_S) is not None
            )  # before that it steals nothing
            with pytest.raises(FieldFault, match="beside a frame of another origin"):
                await driver.fill("#password", Secret(PASSWORD), hides=True, by_keys=True)

        self.drive_page(walk)
        assert not [request for request in self.other_site.requests if request.path.startswith("/told")]

    @pytest.mark.usefixtures("in_vain")
    @pytest.mark.parametrize("frame", STRANGERS)
    def test_an_empty_address_does_not_make_a_frame_the_pages_own(self, frame: str) -> None:
        self.other_site.pages["/leaves"] = LEAVES
        self.site.pages["/framed"] = f"{FORM}{frame.format(other=self.other)}{TWICE if 'leaves' in frame else THERE}"

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/framed")
            assert await driver.first_of([Place(selector="#there")], LONG_S) is not None
            with pytest.raises(FieldFault, match="beside a frame of another origin"):
                await driver.fill("#password", Secret(PASSWORD), hides=True, by_keys=True)

        self.drive_page(walk)

    def test_what_a_page_has_sent_by_itself_is_not_waited_for_by_the_next_press(self) -> None:
        self.site.pages |= {"/auto": AUTO, "/asks": '<a id="go-on" href="/main">Go on</a>'}

        async def walk(driver: WebDriver) -> None:
            await driver.load(f"{self.own}/auto")
            await driver.fill("#password", Secret(PASSWORD), hides=True, sends=True)
            assert await driver.first_of([Place(selector="#go-on")], LONG_S) is not None
            await driver.press("#go-on", "")
            assert await driver.first_of([Place(selector="#main")], LONG_S) is not None

        self.drive_page(walk)
