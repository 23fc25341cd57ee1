"""The tests: unit, contract, shell, journeys, bench, and the real servers they run against."""
