"""Two pictures are the same but for the rounding of other kernels: same_picture.py A B."""
import sys

import cv2
import numpy as np

a, b = (cv2.imread(path).astype(int) for path in sys.argv[1:3])
if a.shape != b.shape:
    sys.exit(f"{a.shape[1]} x {a.shape[0]} and {b.shape[1]} x {b.shape[0]} pixels")
differences = np.abs(a - b)
# The third picture shows differences brightened, so one code of the first is many there.
photographs = differences[:, : a.shape[1] * 2 // 3]
print(f"photograph and truth differ by {photographs.mean():.3f} codes of 255 in the mean (<= 0.5)")
sys.exit(0 if photographs.mean() <= 0.5 else 1)
