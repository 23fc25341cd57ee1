"""What a station may do: its settings, declared once, typed and described."""
