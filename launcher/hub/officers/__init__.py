"""Officers at the hub: how they prove who they are, which roles they have, and what a supervisor has granted."""
