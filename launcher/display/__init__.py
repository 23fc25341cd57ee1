"""The display that a station's programs share: how long nobody has touched it, and the windows on it.

Free of Qt. What a platform can do stands behind the protocols of ``ports``; ``x_server`` is the only module that speaks
to an X server, and the ``win32_…`` modules are what Windows has in its place. Nothing is imported here: a first screen
waits for none of it.
"""
