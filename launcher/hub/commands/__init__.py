"""Commands to stations: rows first, signed, taken once and answered; the socket only wakes."""
