"""The embedded station: demo officers, an OpenID provider and twelve systems on loopback. Absent from packages."""
