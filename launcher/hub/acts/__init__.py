"""What the helpdesk does: an act with a reason, alone or with a second person, and the commands that come of it."""
