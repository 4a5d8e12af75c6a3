"""What shakes the city: faults, how often they break, and how strongly the ground moves."""
