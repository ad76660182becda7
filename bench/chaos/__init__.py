"""A room that is hit again and again: processes killed, networks cut, answers lost. Nothing may be lost or stay wrong.

`script/chaos` runs it. What it checks, how, and how to read its report: docs/reliability.md.
"""
