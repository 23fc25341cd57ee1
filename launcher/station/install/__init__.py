"""``station install`` and ``station remove``: the service, the slot accounts and the kiosk session, and their way back.

:mod:`plan` says what belongs on the computer, :mod:`carry_out` puts it there and takes it away, :mod:`record` remembers
what was there before, :mod:`routes` lists the ways out of the kiosk and how each is closed.
"""
