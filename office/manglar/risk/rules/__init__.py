"""Pure rules of the risk desk: what a run asks, and how its answer is compared with another."""
