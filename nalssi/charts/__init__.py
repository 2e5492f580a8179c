"""Charts: the warehouse as pictures, PNG and SVG, in Korean and English.

`draw_all` is what others need. One module a chart, each with a `figure` that takes frames and
knows no SQL; `theme`, `scale`, `page` and `words` are what all have in common; `frames` asks the
warehouse; `draw` decides what is drawn and writes files. matplotlib is imported only to draw.
"""

from nalssi.charts.draw import KINDS, ChartError, Charts, draw_all

__all__ = ["KINDS", "ChartError", "Charts", "draw_all"]
