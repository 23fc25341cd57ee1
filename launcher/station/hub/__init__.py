"""What a station does for the hub: commands carried out on its loop, and the road to the hub in a thread of its own."""
