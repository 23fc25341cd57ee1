"""Each message survives its line; anything else is refused by reference and its content is not repeated."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.errors import WireError
from launcher.wire import messages
from launcher.wire.codec import decode_to_session, decode_to_station, encode
from launcher.wire.hub.sittings import Elsewhere, NoticeLine, OpenSystem
from launcher.wire.records import LaunchRecord, PhaseSpan, Record, SwitchRecord

TO_SESSION: tuple[Record, ...] = (
    messages.Show(name="e.adeyemi\n", focus="secret"),
    messages.End(reason="log-off", deadline_ms=5000),
    messages.ScanYourself(mask=7, masked=("AAAA",)),
    messages.Unresponsive(silent_ms=3000.0),
    messages.HubState(enrolled=True, reachable=False),
    messages.HubNotices(notices=(NoticeLine(id=7, text="Records is slow.", systems=("records",), since=1.0),)),
    messages.BarredHere(officers=("0" * 64,), names=("f" * 64,), forces=("northshire.example",)),
    messages.LettersHere(letters="BKDMRT", until=600.0),
    messages.VouchedHere(nonce="bm9uY2U=", vouched=None),
    messages.StillLoggedOn(
        sittings=(
            Elsewhere(
                sitting="s1",
                officer="ldap:x#1",
                terminal="FD-01",
                place="Front desk",
                since=1.0,
                state="locked",
                systems=6,
                unsaved=2,
                reachable=True,
            ),
        )
    ),
    messages.BroughtHere(sitting="s1", done=True, systems=("records",), left_signed_on=("Custody (host:992)",)),
    messages.DeedHere(command=9, what="close-system", by_name="J. Field", reason="Asked", system="records", at=1.0),
    messages.MessageHere(command=9, text="Please log off.", by_name="J. Field", at=1.0),
    messages.DoHere(command=9, what="forget-credential", system="records"),
    messages.AskSecondHere(command=9, request="r1", what="suspend", officer_name="E. Adeyemi", until=60.0),
    messages.RolesChanged(),
    messages.Knock(),
    messages.TakeKeys(),
    messages.ToldHere(key="k1", number="T-4821"),
)
TO_STATION: tuple[Record, ...] = (
    messages.Warm(pid=7),
    messages.Shown(took_ms=8.5),
    messages.Beat(screen_age_ms=3.0),
    messages.ReplaceMe(why="name-changed", name="Ünal"),
    messages.SignedIn(officer="ldap:x#1", number="4471", groups=("cid",), proved_by="directory"),
    messages.LoggingOff(),
    messages.LeavingPhase(phase="sign_off", ended=True),
    messages.Recorded(
        record=SwitchRecord(
            at=1.0, reason="log-off", total_ms=9.0, phases=(PhaseSpan(phase="end", start_ms=0, duration_ms=1),)
        )
    ),
    messages.LeftSignedOn(systems=("custody",)),
    messages.SignedOnAt(systems=("National Records (nrs.force.example:992, LU NRSFD02)",)),
    messages.WorksIn(folder="/srv/case files"),
    messages.Canaries(mask=9, masked=("AAAA",), too_short=1),
    messages.Scanned(scanned=("a",), unscanned=(), found=("b",)),
    messages.WantsLetters(on=False),
    messages.WantsVouch(nonce="bm9uY2U=", until=60.0),
    messages.OpenSystems(
        systems=(OpenSystem(system="records", name="Records", state="failed", since=1.0, words="No"),)
    ),
    messages.FailedWords(system="records", words="ORA-01017"),
    messages.MessageRead(command=9),
    messages.DoneHere(command=9, outcome="failed", reference="session-not-answering"),
    messages.TellHelpdesk(
        key="k1",
        reference="sign-on-refused",
        system="records",
        timeline=(
            LaunchRecord(
                at=1.0,
                system="records",
                system_kind="web",
                sign_on="form",
                outcome="failed",
                prompts=0,
                total_ms=9.0,
                phases=(),
            ),
        ),
    ),
    messages.BringHereAsked(sitting="s1"),
    messages.SecondHere(request="r1", approve=True, officer="ldap:x#2", number="12", groups=("inspectors",)),
)


@pytest.mark.parametrize("message", TO_SESSION, ids=lambda message: type(message).__name__)
def test_messages_to_a_session_come_back(message: Record) -> None:
    line = encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_to_session(line) == message
    with pytest.raises(WireError):
        decode_to_station(line)


@pytest.mark.parametrize("message", TO_STATION, ids=lambda message: type(message).__name__)
def test_messages_to_the_station_come_back(message: Record) -> None:
    assert decode_to_station(encode(message)) == message


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"v":2,"kind":"warm","pid":1}',
        b'{"v":true,"kind":"warm","pid":1,"more":1}',
        b'{"v":1,"kind":"warm"}',
        b'{"v":1,"kind":"warm","pid":1,"more":2}',
        b'{"v":1,"kind":"unheard-of"}',
        b'{"v":1,"kind":"beat","screen_age_ms":NaN}',
        b'{"v":1,"kind":"beat","screen_age_ms":Infinity}',
        b'{"v":1,"kind":"canaries","mask":0,"masked":[]}',
        b"[" * 100_000,
        b'{"v":"' + b"9" * 10_000 + b'"}',
    ],
)
def test_what_is_no_message_is_refused_shortly(line: bytes) -> None:
    with pytest.raises(WireError) as refused:
        decode_to_station(line)
    assert refused.value.reference == "wire-message-refused"
    assert len(str(refused.value)) < 300


def test_the_content_of_a_refused_message_is_not_repeated() -> None:
    line = json.dumps({"v": 1, "kind": "signed-in", "officer": 7, "number": ["hunter2"]}).encode()
    with pytest.raises(WireError) as refused:
        decode_to_station(line)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_line_beyond_the_limit_is_refused_unread() -> None:
    with pytest.raises(WireError):
        decode_to_station(b" " * (messages.MAX_LINE_BYTES + 1))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(line: bytes) -> None:
    for decode in (decode_to_session, decode_to_station):
        # Now and then the bytes are a message: constants of the code under test are tried, too.
        with contextlib.suppress(WireError):
            decode(line)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_no_json_of_our_version_raises_anything_else(value: object) -> None:
    line = json.dumps({"v": 1, "kind": "show", "name": value}).encode()
    try:
        decode_to_session(line)
    except WireError:
        assert not isinstance(value, str)
