"""A Dask cluster as a crew; needs the extra ``cluster``. Slurm and others join through dask-jobqueue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from distributed import Client

from manglar_engine.errors import SettingsError
from manglar_engine.risk.batches import Pending, do_batch

PATIENCE_S = 30


class ClusterCrew:
    """Workers behind one scheduler; a batch whose worker dies is computed again by another."""

    def __init__(self, task: Callable[[int], Any], address: str) -> None:
        """Join the scheduler at ``address`` and send it ``task`` once; refuse one that does not answer."""
        try:
            self._client = Client(address, timeout=PATIENCE_S, set_as_default=False)
            self._client.wait_for_workers(1, timeout=PATIENCE_S)
        except (OSError, TimeoutError) as error:
            raise SettingsError(
                f"no cluster answers at {address}", mend="Start a scheduler and one worker or more, or use threads."
            ) from error
        self.count = max(1, sum(self._client.nthreads().values()))
        self._task = self._client.scatter(task, broadcast=True)

    def hand_out(self, numbers: Sequence[int]) -> Pending:
        """Start a batch; never the memory of another run, whatever the numbers."""
        future: Pending = self._client.submit(do_batch, self._task, list(numbers), pure=False)
        return future

    def dismiss(self) -> None:
        """Leave the cluster as it was."""
        self._client.close()
