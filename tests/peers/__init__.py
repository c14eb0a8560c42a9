"""Servers on loopback that stand in for the services Evenkeel talks to."""
