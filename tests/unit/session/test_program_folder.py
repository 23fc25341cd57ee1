"""Where a program works is told to whoever searches for what was left."""

from __future__ import annotations

import asyncio
from pathlib import Path

from launcher.session import commands as c
from launcher.wire import messages as m
from tests.unit.session.bench import Bench, program


def test_the_folder_of_a_program_is_told_before_it_starts_where_a_residue_check_was_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "case files"
    folder.mkdir()
    with_cwd = program("-c", "import os; print('READY', os.getcwd(), flush=True)")
    with_cwd = with_cwd.replace('give = "none"\n', f'give = "none"\ncwd = "{folder}"\n')
    entries = {"works": with_cwd, "does-not": program("-c", "print('READY', flush=True)")}

    async def play(name: str, *, check: bool) -> list[m.WorksIn]:
        async with Bench(tmp_path / name, entries, residue_check=check).session() as here:
            await here.log_on()
            here.send(c.OpenSystem("works"), c.OpenSystem("does-not"))
            works = await here.launch("works", "ready")
            assert works.output[0] == f"READY {folder}"
            await here.launch("does-not", "ready")
            return here.watched.of(m.WorksIn)

    assert asyncio.run(play("checked", check=True)) == [m.WorksIn(folder=str(folder))]
    assert asyncio.run(play("not-checked", check=False)) == []
