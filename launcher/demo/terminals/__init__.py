"""The demo's hosts with terminals: one speaks to 3270s, one has menus over SSH. Both are servers of our own."""
