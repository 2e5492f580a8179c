"""English phrases of search, dates, records and comparison, declared in `finding_phrases`."""

from __future__ import annotations

from typing import Final

from nalssi.locale.finding_phrases import FindingPhrases

ENGLISH_FINDING: Final = FindingPhrases(
    impossible_date="There is no such date.",
    missing_date="No data for {date}. Nearest dates:",
    near_day="nearest date",
    nearest_station="nearest station: {station}, {km} km",
    station_of_town="{station} station",
    go_to_date="Go to date",
    go="Go",
    newest_list="Newest list:",
    newest_is_old=(
        "No new data for more than two days. This is the last list received, not the current"
        " weather: capture may have stopped, or the sites may no longer update their lists."
    ),
    added_when_over=" is added when the day is over.",
    other_years="{day} {month_name} in other years",
    other_years_caption="Temperature on the same day of other years (°C)",
    records="Records",
    records_note=(
        "The extremes among the collected lists, {first} to {last}. These are not KMA’s official"
        " records: hours and days without a list are unknown, so the true extremes may be higher or"
        " lower. The table states how many days and lists each place has. Excluded readings do not"
        " count. A change compares the daily means of two days in a row."
    ),
    records_by_station="Records by station",
    records_by_region="Records by region",
    highest="Highest",
    lowest="Lowest",
    largest_change="Largest change from the day before",
    other_days="other days: {count}",
    day_count="Days",
    first_to_last="First to last day",
    list_count="Lists",
    compare="Compare",
    compare_note=(
        "Compares the daily temperatures of two stations or regions, or of two periods. The address"
        " holds your choice: send it, and others see the same."
    ),
    compare_needs_script=(
        "Comparing needs JavaScript, which does not run in this browser. Without it, the pages of"
        " stations and regions have a plot and the values of each day:"
    ),
    first_place="First place",
    second_place="Second place",
    from_day="From",
    to_day="To",
    second_from_day="Second period from (optional)",
    second_from_note=(
        "Enter the first day of a second period of the same length to compare two periods. For two"
        " years of one station, choose the station twice."
    ),
    do_compare="Compare",
    compare_none=(
        "No days can be compared, so no difference is given. Days are compared if both have a daily"
        " mean, are in the same lists, or have as many lists at the same times of day."
    ),
    compare_empty_one="There are no data for {a} in this period.",
    name_in_year="{name} {year}",
    name_from_day="{name} from {day}",
    compare_empty="Neither {a} nor {b} has data in this period.",
    compare_order="The last day is before the first, or the period is longer than ten years.",
    compare_failed="A data file could not be loaded: {file}",
    first_warmer="{a} is {degrees}°C warmer than {b} on average (comparable days: {count})",
    first_colder="{a} is {degrees}°C colder than {b} on average (comparable days: {count})",
    first_equal="{a} and {b} have the same mean temperature (comparable days: {count})",
    compare_alt="Daily mean temperature of {a} and {b}, {first} to {last}. Values: table below.",
    compare_value="{name} {date}: {basis} {mean}°C ({low} to {high})",
    compare_legend="Line: daily means of days in a row; hollow mark: mean of lists instead",
    compare_caption=(
        "Mean, low to high and difference by day (°C). In brackets: lists of a day without a daily"
        " mean"
    ),
    difference="Difference",
)
