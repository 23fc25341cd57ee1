"""The road to the hub: a station's own, an officer's, and the helpdesk's."""
