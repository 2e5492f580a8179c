"""The characters and fixed words of tickers: bullets, units, the end mark, forecast words.

To support another bullet, add it to `BULLETS`. Readers of sources use the units to find pages that
may hold a ticker. `text_spelling` makes other spellings of a text equal; `known_names` has the
names of stations and conditions.
"""

from __future__ import annotations

import re

UNIT = "℃"
DEGREES, CELSIUS = "°˚º", "CＣ"
"""The characters of a temperature unit in two characters: a degree sign or a look-alike, then a
C."""
TWO_CHARACTER_UNIT = rf"[{DEGREES}][\s\p{{Cf}}]*[{CELSIUS}]"
"""The unit in two characters, with or without white space and invisible characters between them (a
polars regex)."""

BULLETS = "•·*▪▫◦‣●○■□◆◇▶▷►▸»⁃∘❍✔ㆍ・∙⋅･‧⦁◎★☆✓￭｡ᆞ"
"""Every bullet character. `※` is not one of them: it begins notes. `-` and `?` are bullets in some
lists only: see `nalssi.ticker.ambiguous_bullets`. A change here changes what pages say: run
`make new-grammar`."""
BULLETS_IN_CLASS = re.escape(BULLETS)
"""The bullets for use between the brackets of a character class (a regex of `re` or polars)."""
QUESTION_MARK_BULLET = "?"
"""The bullet that an editor saves if its character set lacks the real one (Notepad's ANSI)."""
HYPHEN = "-"
"""The hyphen. Joined to a condition without a space, it is a bullet; joined to a station's name, it
is the condition "not observed"; before a digit, it is a minus sign."""

PROVIDER, PROVIDED = "기상청", "제공"
END_MARK = rf"^\W*{PROVIDER}\s*{PROVIDED}\W*$"
"""The line after a ticker, "provided by KMA" (a regex)."""

FORECAST_ENDS = (
    r"(?:최저|최고|예상|예보|내일|모레|역대|극값|수온|해수면|지면|바다 ?날씨|체감|평년|이슬점"
    r"|주말[^℃.]{0,8}전망)[^℃.]{0,15}$"
)
"""Matches a text with a word such as "tomorrow" or "record" at its end, or at most 15 characters
before it: the temperatures after the text are not current air temperatures (a regex)."""

LONGEST_LINE_BYTES = 240
"""A line with more bytes (in UTF-8) is prose, not a ticker line."""

FEED_MARK = "<?nalssi feed?>"
"""Begins the text of a document that a reader has rewritten in the form of KMA's XML feed."""
