"""The law as data and pure functions: standard library only, no database, no clock, no request."""
