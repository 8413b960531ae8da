"""The arrays that models return."""

import numpy as np
from numpy.typing import NDArray

# Vectors, one a row, or numbers of another kind that a model gives.
Vectors = NDArray[np.float32]
# Token ids, or the places of characters.
Ids = NDArray[np.int64]
