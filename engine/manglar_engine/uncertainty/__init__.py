"""What is not known: draws from stated distributions, each from its own named stream."""
