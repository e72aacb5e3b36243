"""The demonstration: sample posts, and a server on loopback that shows them as the platforms would."""
