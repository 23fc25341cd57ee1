"""What a session has to do with the hub: what it tells of itself, what is done to it, who its officer is there."""
