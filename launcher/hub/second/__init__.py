"""The second person: sensitive acts wait until another analyst, or a supervisor at the officer's terminal, agrees."""
