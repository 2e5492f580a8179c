"""nalssi (날씨): dated regional weather out of the tickers that Korean news sites print."""

__version__ = "0.1.0"
