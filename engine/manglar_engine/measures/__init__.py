"""Actions and what they are worth: what changes, what it costs, what it returns."""
