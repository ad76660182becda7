"""Simulated rooms: the browsers they are made of, and whole rehearsals."""
