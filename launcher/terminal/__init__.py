"""Screens of characters: 3270 and VT engines that fill one grid, and the lines to their hosts; nothing here is Qt."""
