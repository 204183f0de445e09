"""Tallies: counts kept per unit, brought up to date by the worker, made anew by one command, held to a full recount."""

from kinerja.services.tallies.keeping import differences, keep, rebuild

__all__ = ["differences", "keep", "rebuild"]
