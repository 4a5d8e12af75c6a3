"""``python -m manglar``: the same as the command ``manglar``."""

from manglar.config.cli import main

main()
