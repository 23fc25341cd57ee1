"""Both ends of the road to the hub: a station's link and a real hub, over real sockets."""
