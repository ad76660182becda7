"""A room without people: browsers that join, write, sleep and come back, over real HTTP and sockets.

Pure network, no rows: it sees what a person sees and knows no more, so that it can measure and check the server from
outside. Used by `manage.py rehearse`, the measurements and the tests.
"""
