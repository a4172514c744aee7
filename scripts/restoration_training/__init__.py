"""How the network is trained that takes compression and noise out of pictures."""
