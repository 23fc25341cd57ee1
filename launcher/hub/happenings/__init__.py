"""What happened at stations, received once each: sign-ins, openings, notices read, sittings that began and ended."""
