"""The languages: their phrases, and how each writes dates, hours, numbers and names.

The phrases themselves are in the catalogues, such as `korean_charts` and `korean_gallery`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from nalssi.common.korea_time import KST
from nalssi.common.mean_basis import MeanBasis
from nalssi.common.snapshot_time import SnapshotTime
from nalssi.locale.chart_phrases import ChartPhrases
from nalssi.locale.english_charts import ENGLISH_CHARTS
from nalssi.locale.english_finding import ENGLISH_FINDING
from nalssi.locale.english_gallery import ENGLISH_GALLERY
from nalssi.locale.english_headlines import ENGLISH_HEADLINES
from nalssi.locale.english_publication import ENGLISH_PUBLICATION
from nalssi.locale.english_time_charts import ENGLISH_TIME_CHARTS
from nalssi.locale.finding_phrases import FindingPhrases
from nalssi.locale.gallery_phrases import GalleryPhrases
from nalssi.locale.headline_phrases import HeadlinePhrases
from nalssi.locale.korean_charts import KOREAN_CHARTS
from nalssi.locale.korean_finding import KOREAN_FINDING
from nalssi.locale.korean_gallery import KOREAN_GALLERY
from nalssi.locale.korean_headlines import KOREAN_HEADLINES
from nalssi.locale.korean_publication import KOREAN_PUBLICATION
from nalssi.locale.korean_time_charts import KOREAN_TIME_CHARTS
from nalssi.locale.publication_phrases import PublicationPhrases
from nalssi.locale.time_chart_phrases import TimeChartPhrases

Lang = Literal["ko", "en"]

DAYS_IN_WORDS: Final = 60
"""`Locale.duration` writes a time of at least this number of days in years and months."""
DAYS_OF_MONTH: Final = 30
HALF_MONTH: Final = 15

NameLanguage = Literal["ko", "en"]
"""The languages in which the reference data have names of stations, regions and conditions."""


@dataclass(frozen=True)
class Locale:
    """A language with its phrases. Its methods write values in that language."""

    lang: Lang
    names: NameLanguage
    """The language in which names of stations, regions and conditions are written."""
    charts: ChartPhrases
    gallery: GalleryPhrases
    headlines: HeadlinePhrases
    publication: PublicationPhrases
    finding: FindingPhrases
    times: TimeChartPhrases

    def day(self, when: date | None) -> str:
        """Return a date with its weekday. For None, return the phrase for an unknown date."""
        if when is None:
            return self.charts.undated
        return self.charts.date.format(
            year=when.year,
            month=when.month,
            day=when.day,
            weekday=self.charts.weekdays[when.weekday()],
            month_name=self.charts.months[when.month - 1],
        )

    def short_day(self, when: date) -> str:
        """Return a date in digits, such as `2026.11.29.` or `2026-11-29`."""
        return self.charts.short_date.format(year=when.year, month=when.month, day=when.day)

    def month_and_day(self, when: date) -> str:
        """Return a date without its year, such as `11.29.` or `29 Nov`."""
        return self._of_day(self.charts.month_and_day, when)

    def short_month(self, when: date) -> str:
        """Return the month of a date without its year, such as `11월` or `Nov`."""
        return self._of_day(self.charts.short_month, when)

    def _of_day(self, phrase: str, when: date) -> str:
        return phrase.format(
            month=when.month, day=when.day, month_name=self.charts.months[when.month - 1]
        )

    def duration(self, first: date, until: date) -> str:
        """Return the length of the time from `first` to the day before `until`, in words.

        Below DAYS_IN_WORDS it is a number of days; above, years and months to the nearest month.
        """
        days = (until - first).days
        if days < DAYS_IN_WORDS:
            return counted(self.charts.duration_days, days)
        months = 12 * (until.year - first.year) + until.month - first.month
        months += (until.day - first.day + HALF_MONTH) // DAYS_OF_MONTH
        years, months = divmod(months, 12)
        parts = [self.charts.duration_years.format(count=years)] if years else []
        if months:
            parts.append(self.charts.duration_months.format(count=months))
        return " ".join(parts)

    def period(self, days: Sequence[date]) -> str:
        """Return a text with the first day, the last day and the number of sorted days."""
        first, last = self.day(days[0]), self.day(days[-1])
        if len(days) == 1:
            return first
        return self.charts.period.format(first=first, last=last, count=len(days))

    def month(self, year: int, month: int) -> str:
        """Return a month (1 to 12) with its year, such as `2026년 11월` or `November 2026`."""
        name = self.charts.months[month - 1]
        return self.gallery.month.format(year=year, month=month, month_name=name)

    def clock(self, time: SnapshotTime) -> str:
        """Return the hour of observation or the capture time of a snapshot, in KST.

        The text says which of them it is. If neither is known, it says that the hour is unknown.
        """
        if time.clock_at is None:
            return self.charts.hour_unknown
        phrase = self.charts.captured_at if time.is_captured else self.charts.observed_at
        return phrase.format(time=f"{time.clock_at.astimezone(KST):%H:%M}")

    def hour_and_minute(self, time: SnapshotTime) -> str:
        """Return the clock time of a snapshot in KST, such as `00:15`; `–` if it is unknown."""
        return f"{time.clock_at.astimezone(KST):%H:%M}" if time.clock_at else "–"

    def moment(self, time: SnapshotTime) -> str:
        """Return the day of a snapshot, followed by its hour or capture time if one is known."""
        if time.clock_at is None:
            return self.day(time.day)
        return self.charts.day_and_clock.format(day=self.day(time.day), clock=self.clock(time))

    def mean_of_lists(self, lists: tuple[int, int]) -> str:
        """Return a text such as `mean of 2 to 5 lists`.

        `lists` are the smallest and the largest number of lists in a mean.
        """
        fewest, most = lists
        phrase = self.charts.mean_of_lists[most != 1]
        if fewest == most:
            return phrase.format(count=most)
        return phrase.format(count=self.charts.number_range.format(fewest=fewest, most=most))

    def mean_basis(self, basis: MeanBasis) -> str:
        """Return a text that names the kind of means: daily means, means of lists, or both."""
        parts = [self.charts.daily_mean] if basis.daily or not basis.lists else []
        if basis.lists:
            parts.append(self.mean_of_lists(basis.lists))
        return " · ".join(parts)

    def day_basis(self, day: Mapping[str, Any]) -> str:
        """Return a text that names the kind of a day's mean: a daily mean, or a mean of n lists.

        `day` is a row with `representative, hours, lists, first_at, last_at`, as in the view
        `daily_stations`. The text also has the number of hours, or the times of the lists.
        """
        if day["representative"]:
            return self.gallery.daily_mean_of_hours.format(hours=day["hours"])
        mean = self.mean_of_lists((day["lists"], day["lists"]))
        if day["first_at"] is None:
            return mean
        first, last = (f"{day[name].astimezone(KST):%H:%M}" for name in ("first_at", "last_at"))
        if first == last:
            return self.gallery.lists_at_time.format(mean=mean, time=first)
        return self.gallery.lists_in_period.format(mean=mean, first=first, last=last)

    def series_title(self, basis: MeanBasis) -> str:
        """Return the title of the series chart, which depends on the kind of its means."""
        return self.charts.series_title_of_lists if basis.lists else self.charts.series_title

    def instant(self, when: datetime) -> str:
        """Return an instant in KST, such as `2026-11-29 08:15`."""
        korean = when.astimezone(KST)
        return f"{self.short_day(korean.date())} {korean:%H:%M}"

    def name(self, row: Mapping[str, Any]) -> str:
        """Return the name of a station or region, from a row with `name_ko` and `name_en`."""
        return str(row[self.name_column])

    @property
    def name_column(self) -> str:
        """The column with the names of stations or regions: `name_ko` or `name_en`."""
        return f"name_{self.names}"

    @property
    def condition_column(self) -> str:
        """The column with the condition in words: `condition_ko` or `condition_en`."""
        return f"condition_{self.names}"

    @property
    def other_names(self) -> NameLanguage:
        """The language of the second name, shown in small type beside the name in `names`."""
        return "ko" if self.names == "en" else "en"

    def degrees_in_words(self, temperature_c: float) -> str:
        """Return a temperature as a sentence has it, such as `영하 3.2도` or `−3.2°C`.

        It has one decimal; zero has no sign.
        """
        number = chart_degrees(temperature_c)
        below_zero = number.startswith("-")
        phrase = self.headlines.degrees_below_zero if below_zero else self.headlines.degrees
        return phrase.format(value=number.removeprefix("-"))

    def flag(self, flag: int) -> str:
        """Return the name of a quality flag (1, 2, 3, 4 or 9) in this language.

        Charts show readings of a closed station with the number 0, which has a name, too.
        """
        return self.charts.flag_names[flag]

    def check(self, name: str) -> str:
        """Return the name of a quality check, from its identifier such as `frozen_feed`."""
        return self.charts.check_names[name]


LOCALES: Final[Mapping[Lang, Locale]] = {
    "ko": Locale(
        "ko",
        "ko",
        KOREAN_CHARTS,
        KOREAN_GALLERY,
        KOREAN_HEADLINES,
        KOREAN_PUBLICATION,
        KOREAN_FINDING,
        KOREAN_TIME_CHARTS,
    ),
    "en": Locale(
        "en",
        "en",
        ENGLISH_CHARTS,
        ENGLISH_GALLERY,
        ENGLISH_HEADLINES,
        ENGLISH_PUBLICATION,
        ENGLISH_FINDING,
        ENGLISH_TIME_CHARTS,
    ),
}


def counted(phrases: tuple[str, str], count: int) -> str:
    """Return a phrase filled with a count. The first phrase is for 1, the second for any other."""
    return phrases[count != 1].format(count=count)


def chart_degrees(temperature_c: float) -> str:
    """Format a temperature in °C: one decimal, a hyphen-minus and never a negative zero."""
    return f"{round(temperature_c, 1) + 0.0:.1f}"
