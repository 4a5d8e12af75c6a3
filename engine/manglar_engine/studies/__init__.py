"""Questions of a city, answered whole: inputs checked, floors below put together, results frozen."""
