"""script/bench: what this app costs on this machine, beside the raw socket and beside stock Channels."""
