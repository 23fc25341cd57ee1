"""Evaluates a PAC file: the one module that knows the script engine. Bounded in time, memory and what it may do.

A file has no way to the network or the disk. Names it wants looked up are looked up outside of it, between two runs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import quickjs

RUN_S: Final = 1.0
MEMORY_BYTES: Final = 64 * 1024 * 1024
STACK_BYTES: Final = 256 * 1024
_LONGEST_ANSWER: Final = 4096

_ASK: Final = """\
(() => {
  let answer = "";
  let fault = "";
  try {
    const said = FindProxyForURL(%(url)s, %(host)s);
    answer = said === null || said === undefined ? "" : String(said);
  } catch (thrown) {
    fault = String(thrown);
  }
  return JSON.stringify([answer, stationWanted, fault]);
})()"""


class PacFault(Exception):  # noqa: N818 - said to a person by whoever asked
    """The file is faulty or took too long; the text says which, and holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run: an answer, or the name that is to be looked up before the next."""

    untrusted_answer: str = ""
    wanted: str | None = None


def run(untrusted_source: str, url: str, host: str, names: dict[str, str], own_address: str) -> Ran:
    """Ask the file once, in a context of its own. Blocking: call it from a worker thread.

    ``names``: what was looked up so far, "" for a name that has no address. Raises :class:`PacFault`.
    """
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_BYTES)
    context.set_max_stack_size(STACK_BYTES)
    context.set_time_limit(RUN_S)
    try:
        context.eval(_rules())
        context.eval(f"stationNames = {json.dumps(names)}; stationAddress = {json.dumps(own_address)};")
        context.eval(untrusted_source)
        told = context.eval(_ASK % {"url": json.dumps(url), "host": json.dumps(host)})
    except (quickjs.JSException, quickjs.StackOverflow) as fault:
        raise PacFault(_words(str(fault))) from None
    answer, wanted, thrown = json.loads(str(told))
    if isinstance(wanted, str):
        return Ran(wanted=wanted)
    if thrown:
        raise PacFault(_words(thrown))
    return Ran(answer[:_LONGEST_ANSWER])


@cache
def _rules() -> str:
    return Path(__file__).with_name("pac.js").read_text(encoding="utf-8")


def _words(untrusted_fault: str) -> str:
    first = untrusted_fault.strip().split("\n")[0][:200]
    return "it takes too long" if "interrupted" in first else first
