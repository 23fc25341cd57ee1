"""The bindings of user32 and kernel32: the only module that loads a library of Windows. Never run so far."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    import os
    import subprocess
    from collections.abc import Callable, Mapping, Sequence
    from ctypes import byref, c_int32, c_size_t, c_ssize_t, c_uint32, c_void_p, c_wchar_p, sizeof
    from typing import Final

    from launcher.win32.layouts import ExtendedLimits, LastInputInfo, Message, ProcessIds, ThreadEntry
    from launcher.win32.ports import WM_NULL, WM_QUIT, Started

    _Call = Callable[..., int | None]

    _PM_NOREMOVE: Final = 0
    _PM_REMOVE: Final = 1
    _QS_ALLINPUT: Final = 0x04FF
    _MWMO_INPUTAVAILABLE: Final = 0x0004
    _INFINITE: Final = 0xFFFFFFFF
    _WAIT_TIMEOUT: Final = 0x0102
    _WAIT_FAILED: Final = 0xFFFFFFFF
    _GWL_STYLE: Final = -16
    _GWL_EXSTYLE: Final = -20
    _EVENT_OBJECT_SHOW: Final = 0x8002
    _WINEVENT_SKIPOWNPROCESS: Final = 0x0002
    _SEM_QUIET: Final = 0x0001 | 0x0002 | 0x8000  # SEM_FAILCRITICALERRORS, _NOGPFAULTERRORBOX, _NOOPENFILEERRORBOX
    _JOB_TERMINATE_AND_QUERY: Final = 0x0008 | 0x0004
    _JOB_PROCESS_ID_LIST: Final = 3
    _JOB_EXTENDED_LIMITS: Final = 9
    _KILL_ON_JOB_CLOSE: Final = 0x2000
    _DIE_ON_UNHANDLED_EXCEPTION: Final = 0x0400
    _PROCESS_TERMINATE_AND_SET_QUOTA: Final = 0x0001 | 0x0100
    _THREAD_SUSPEND_RESUME: Final = 0x0002
    _TH32CS_SNAPTHREAD: Final = 0x0004
    _INVALID_HANDLE: Final = ctypes.c_void_p(-1).value
    _ERROR_ALREADY_EXISTS: Final = 183
    _CREATE_SUSPENDED: Final = 0x0004

    _user32 = ctypes.WinDLL("user32", use_last_error=True)
    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)

    _EachWindow = ctypes.WINFUNCTYPE(c_int32, c_void_p, c_ssize_t)
    _EachEvent = ctypes.WINFUNCTYPE(None, c_void_p, c_uint32, c_void_p, c_int32, c_int32, c_uint32, c_uint32)

    def _call(library: ctypes.WinDLL, name: str, result: type | None, *arguments: type) -> _Call:
        return ctypes.WINFUNCTYPE(result, *arguments, use_last_error=True)((name, library))

    def _user(name: str, result: type | None, *arguments: type) -> _Call:
        return _call(_user32, name, result, *arguments)

    def _kernel(name: str, result: type | None, *arguments: type) -> _Call:
        return _call(_kernel32, name, result, *arguments)

    _get_last_input_info = _user("GetLastInputInfo", c_int32, ctypes.POINTER(LastInputInfo))
    _enum_windows = _user("EnumWindows", c_int32, _EachWindow, c_ssize_t)
    _get_window_process = _user("GetWindowThreadProcessId", c_uint32, c_void_p, ctypes.POINTER(c_uint32))
    _is_window_visible = _user("IsWindowVisible", c_int32, c_void_p)
    _get_window_long = _user("GetWindowLongPtrW", c_ssize_t, c_void_p, c_int32)
    _set_window_pos = _user("SetWindowPos", c_int32, c_void_p, c_void_p, c_int32, c_int32, c_int32, c_int32, c_uint32)
    _get_foreground = _user("GetForegroundWindow", c_void_p)
    _set_foreground = _user("SetForegroundWindow", c_int32, c_void_p)
    _get_clipboard_owner = _user("GetClipboardOwner", c_void_p)
    _open_clipboard = _user("OpenClipboard", c_int32, c_void_p)
    _empty_clipboard = _user("EmptyClipboard", c_int32)
    _close_clipboard = _user("CloseClipboard", c_int32)
    _peek_message = _user("PeekMessageW", c_int32, ctypes.POINTER(Message), c_void_p, c_uint32, c_uint32, c_uint32)
    _dispatch_message = _user("DispatchMessageW", c_ssize_t, ctypes.POINTER(Message))
    _wait_for_messages = _user(
        "MsgWaitForMultipleObjectsEx", c_uint32, c_uint32, c_void_p, c_uint32, c_uint32, c_uint32
    )
    _post_thread_message = _user("PostThreadMessageW", c_int32, c_uint32, c_uint32, c_size_t, c_ssize_t)
    _register_hot_key = _user("RegisterHotKey", c_int32, c_void_p, c_int32, c_uint32, c_uint32)
    _unregister_hot_key = _user("UnregisterHotKey", c_int32, c_void_p, c_int32)
    _set_win_event_hook = _user(
        "SetWinEventHook", c_void_p, c_uint32, c_uint32, c_void_p, _EachEvent, c_uint32, c_uint32, c_uint32
    )
    _unhook_win_event = _user("UnhookWinEvent", c_int32, c_void_p)

    _get_tick_count = _kernel("GetTickCount", c_uint32)
    _get_current_thread = _kernel("GetCurrentThreadId", c_uint32)
    _set_error_mode = _kernel("SetErrorMode", c_uint32, c_uint32)
    _create_job = _kernel("CreateJobObjectW", c_void_p, c_void_p, c_wchar_p)
    _open_job = _kernel("OpenJobObjectW", c_void_p, c_uint32, c_int32, c_wchar_p)
    _set_job = _kernel("SetInformationJobObject", c_int32, c_void_p, c_int32, c_void_p, c_uint32)
    _query_job = _kernel("QueryInformationJobObject", c_int32, c_void_p, c_int32, c_void_p, c_uint32, c_void_p)
    _assign_to_job = _kernel("AssignProcessToJobObject", c_int32, c_void_p, c_void_p)
    _terminate_job = _kernel("TerminateJobObject", c_int32, c_void_p, c_uint32)
    _open_process = _kernel("OpenProcess", c_void_p, c_uint32, c_int32, c_uint32)
    _open_thread = _kernel("OpenThread", c_void_p, c_uint32, c_int32, c_uint32)
    _resume_thread = _kernel("ResumeThread", c_uint32, c_void_p)
    _snapshot = _kernel("CreateToolhelp32Snapshot", c_void_p, c_uint32, c_uint32)
    _first_thread = _kernel("Thread32First", c_int32, c_void_p, ctypes.POINTER(ThreadEntry))
    _next_thread = _kernel("Thread32Next", c_int32, c_void_p, ctypes.POINTER(ThreadEntry))
    _close_handle = _kernel("CloseHandle", c_int32, c_void_p)

    def _failed() -> OSError:
        return ctypes.WinError(ctypes.get_last_error())

    class WindowsUser32:
        """The :class:`launcher.win32.ports.User32` of the desktop that this process is on."""

        def __init__(self) -> None:
            self._hooks: dict[int, object] = {}  # what Windows calls must not be collected meanwhile

        def last_input_ms(self) -> int | None:
            """By GetLastInputInfo."""
            info = LastInputInfo(sizeof(LastInputInfo), 0)
            return int(info.time_ms) if _get_last_input_info(byref(info)) else None

        def windows(self) -> tuple[int, ...] | None:
            """By EnumWindows, which goes through them from the topmost down."""
            found: list[int] = []

            def one(window: int | None, _: int) -> int:
                found.append(window or 0)
                return 1

            return tuple(found) if _enum_windows(_EachWindow(one), 0) else None

        def process_of(self, window: int) -> int:
            """By GetWindowThreadProcessId."""
            pid = c_uint32(0)
            _get_window_process(window, byref(pid))
            return pid.value

        def is_visible(self, window: int) -> bool:
            """By IsWindowVisible."""
            return bool(_is_window_visible(window))

        def styles(self, window: int) -> tuple[int, int]:
            """By GetWindowLongPtr; the upper half of what it returns is none of a style's."""
            style, extended = (_get_window_long(window, which) or 0 for which in (_GWL_STYLE, _GWL_EXSTYLE))
            return style & 0xFFFFFFFF, extended & 0xFFFFFFFF

        def place(self, window: int, after: int, flags: int) -> bool:
            """By SetWindowPos."""
            return bool(_set_window_pos(window, after, 0, 0, 0, 0, flags))

        def foreground(self) -> int:
            """By GetForegroundWindow."""
            return _get_foreground() or 0

        def bring_to_foreground(self, window: int) -> bool:
            """By SetForegroundWindow."""
            return bool(_set_foreground(window))

        def clipboard_owner(self) -> int:
            """By GetClipboardOwner."""
            return _get_clipboard_owner() or 0

        def empty_clipboard(self) -> bool:
            """By EmptyClipboard, between OpenClipboard and CloseClipboard."""
            if not _open_clipboard(None):
                return False
            try:
                return bool(_empty_clipboard())
            finally:
                _close_clipboard()

        def begin_messages(self) -> int:
            """By PeekMessage, which makes the queue."""
            _peek_message(byref(Message()), None, 0, 0, _PM_NOREMOVE)
            return _get_current_thread() or 0

        def next_message(self, within_ms: int | None) -> int:
            """By PeekMessage, in which hooks are called, and MsgWaitForMultipleObjectsEx between."""
            message = Message()
            while not _peek_message(byref(message), None, 0, 0, _PM_REMOVE):
                limit = _INFINITE if within_ms is None else within_ms
                said = _wait_for_messages(0, None, limit, _QS_ALLINPUT, _MWMO_INPUTAVAILABLE)
                if said == _WAIT_TIMEOUT:
                    return WM_NULL
                if said == _WAIT_FAILED:
                    return WM_QUIT
            _dispatch_message(byref(message))
            return int(message.message)

        def quit(self, thread: int) -> None:
            """By PostThreadMessage."""
            _post_thread_message(thread, WM_QUIT, 0, 0)

        def register_key(self, number: int, modifiers: int, key: int) -> bool:
            """By RegisterHotKey."""
            return bool(_register_hot_key(None, number, modifiers, key))

        def unregister_key(self, number: int) -> None:
            """By UnregisterHotKey."""
            _unregister_hot_key(None, number)

        def watch_windows(self, shown: Callable[[int], None]) -> int:
            """By SetWinEventHook, outside the programs that are watched."""

            def event(_: int, __: int, window: int | None, thing: int, child: int, ___: int, ____: int) -> None:
                if window and thing == 0 and child == 0:  # OBJID_WINDOW, CHILDID_SELF
                    shown(window)

            called = _EachEvent(event)
            first = last = _EVENT_OBJECT_SHOW
            hook = _set_win_event_hook(first, last, None, called, 0, 0, _WINEVENT_SKIPOWNPROCESS) or 0
            if hook:
                self._hooks[hook] = called
            return hook

        def unwatch_windows(self, hook: int) -> None:
            """By UnhookWinEvent."""
            if hook:
                _unhook_win_event(hook)
                self._hooks.pop(hook, None)

    class WindowsKernel32:
        """The :class:`launcher.win32.ports.Kernel32` of this computer."""

        def tick_ms(self) -> int:
            """By GetTickCount."""
            return _get_tick_count() or 0

        def no_fault_boxes(self) -> None:
            """By SetErrorMode, which what is started inherits."""
            _set_error_mode(_SEM_QUIET)

        def start(self, argv: Sequence[str], env: Mapping[str, str], handles: Sequence[int]) -> Started:
            """By CREATE_SUSPENDED; handles pass by a list of those that may."""
            for handle in handles:
                os.set_handle_inheritable(handle, True)
            try:
                return subprocess.Popen(
                    list(argv),
                    env=dict(env),
                    stdin=subprocess.DEVNULL,
                    stdout=2,
                    creationflags=_CREATE_SUSPENDED | subprocess.CREATE_NEW_PROCESS_GROUP,
                    startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": list(handles)}),
                )
            finally:
                for handle in handles:
                    os.set_handle_inheritable(handle, False)

        def resume(self, pid: int) -> None:
            """By ResumeThread: a program that has not begun has one thread, which a snapshot of all finds."""
            snapshot = _snapshot(_TH32CS_SNAPTHREAD, 0)
            if snapshot in (None, _INVALID_HANDLE):
                raise _failed()
            try:
                entry = ThreadEntry(sizeof(ThreadEntry))
                more = _first_thread(snapshot, byref(entry))
                while more and entry.process != pid:
                    more = _next_thread(snapshot, byref(entry))
                if not more:
                    raise _failed()
            finally:
                _close_handle(snapshot)
            thread = _open_thread(_THREAD_SUSPEND_RESUME, 0, entry.thread)
            if not thread:
                raise _failed()
            try:
                if _resume_thread(thread) == 0xFFFFFFFF:
                    raise _failed()
            finally:
                _close_handle(thread)

        def create_job(self, name: str) -> int:
            """By CreateJobObject; a name that is in use already is a fault: somebody else holds that job."""
            ctypes.set_last_error(0)
            job = _create_job(None, name)
            if not job:
                raise _failed()
            limits = ExtendedLimits()
            limits.basic.flags = _KILL_ON_JOB_CLOSE | _DIE_ON_UNHANDLED_EXCEPTION
            taken = ctypes.get_last_error() == _ERROR_ALREADY_EXISTS
            if taken or not _set_job(job, _JOB_EXTENDED_LIMITS, byref(limits), sizeof(limits)):
                fault = _failed()
                _close_handle(job)
                raise fault
            return job

        def open_job(self, name: str) -> int:
            """By OpenJobObject."""
            return _open_job(_JOB_TERMINATE_AND_QUERY, 0, name) or 0

        def assign(self, job: int, pid: int) -> None:
            """By AssignProcessToJobObject."""
            process = _open_process(_PROCESS_TERMINATE_AND_SET_QUOTA, 0, pid)
            if not process:
                raise _failed()
            try:
                if not _assign_to_job(job, process):
                    raise _failed()
            finally:
                _close_handle(process)

        def pids(self, job: int) -> tuple[int, ...]:
            """By QueryInformationJobObject."""
            found = ProcessIds()
            if not _query_job(job, _JOB_PROCESS_ID_LIST, byref(found), sizeof(found), None):
                raise _failed()
            return tuple(int(pid) for pid in found.ids[: found.listed])

        def terminate(self, job: int, status: int) -> None:
            """By TerminateJobObject."""
            if not _terminate_job(job, status):
                raise _failed()

        def close(self, handle: int) -> None:
            """By CloseHandle."""
            _close_handle(handle)
