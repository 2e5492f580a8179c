"""The errors of `nalssi.drawing`: a picture cannot be drawn."""


class DrawingError(ValueError):
    """A picture cannot be drawn. The message says why, in one line."""


class UnusableTitleError(DrawingError):
    """The title has a character that the font of the charts does not have."""
