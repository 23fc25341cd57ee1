"""The one road out of a session where policy names a proxy: a relay on the loopback that decides by host.

Whoever opens a connection asks :func:`launcher.relay.road.way_out`; where there is a road, nothing else leads out.
"""
