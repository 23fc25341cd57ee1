"""Cases of the helpdesk: why somebody is looked up, and whether the caller is who they say."""
