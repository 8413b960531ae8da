"""The arrays that models return."""

import numpy as np
from numpy.typing import NDArray

# Vectors, one a row, or other numbers from a model.
Vectors = NDArray[np.float32]
# Token ids, or offsets of characters.
Ids = NDArray[np.int64]
