"""What stands in the city: assets, their value, the people inside, their class and their ground."""
