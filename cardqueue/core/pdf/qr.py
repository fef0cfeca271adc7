"""The QR of a slip's code: 16 digits, version 1, level H, drawn as one vector path.

Sixteen digits just fit version 1 at level H, so every slip has the same small square of 21 × 21 modules with the most
repair. The mask is fixed: searching for the best one takes most of the time of making a code, and a fixed one reads
as well (tested, also turned, blurred and creased).
"""

from __future__ import annotations

from itertools import groupby

import qrcode
from qrcode.util import MODE_NUMBER, QRData

MODULES = 21
QUIET_MODULES = 4
_MASK = 0


def qr_modules(code: str) -> list[list[bool]]:
    """The dark modules of a slip code, row by row from the top."""
    symbol = qrcode.QRCode(version=1, error_correction=qrcode.ERROR_CORRECT_H, border=0, mask_pattern=_MASK)
    symbol.add_data(QRData(code, mode=MODE_NUMBER))
    symbol.make(fit=False)
    return [[bool(dark) for dark in row] for row in symbol.modules]


def qr_path(code: str, x: float, y: float, side: float) -> str:
    """PDF operators that fill the code's dark modules, one rectangle per run of modules and one fill for all.

    Units: points; `x`, `y` is the lower left corner in PDF's upward axis.
    """
    rectangles = []
    for row_index, row in enumerate(qr_modules(code)):
        column = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                rectangles.append(f"{column} {MODULES - 1 - row_index} {length} 1 re")
            column += length
    scale = f"{side / MODULES:.4f}"
    return f"q {scale} 0 0 {scale} {x:.3f} {y:.3f} cm {' '.join(rectangles)} f Q"
