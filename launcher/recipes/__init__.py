"""The steps of signing on, as data: wait, fill, press, expect."""
