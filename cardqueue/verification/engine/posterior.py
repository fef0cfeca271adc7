"""How probable each candidate is, given the others and the possibility that nobody in the registry is the person.

P(i) = (1-π) L_i / N ÷ (Σ_j (1-π) L_j / N + π), L = Π m/u (Fellegi and Sunter 1969): m is how often true pairs agree to
a level, u how often strangers do. The share of strangers with the same name or date is counted in the registry itself,
so that a common name weighs little and a rare one much.
Source: the values of m are assumptions to be replaced by officers' decisions; u was measured on synthetic registries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from cardqueue.verification.engine.dates import DateLevel
from cardqueue.verification.engine.levels import Levels, NameLevel, PlaceLevel, SexLevel
from cardqueue.verification.engine.numbers import NumberLevel
from cardqueue.verification.engine.shapes import Figures

#: Members who are not in the registry at all.
OUTSIDE_SHARE = 0.01
# A small extract is part of a larger population: a name that stands in it once is not therefore common.
_SMALLEST_POPULATION = 10_000

_NAME_U = {NameLevel.TYPO: 5e-4, NameLevel.SHORTENED: 2e-3, NameLevel.RESEMBLES: 8e-3, NameLevel.NONE: 0.99}
_DATE_U = {DateLevel.SWAPPED: 3e-5, DateLevel.ONE_PART: 1.2e-3, DateLevel.SAME_YEAR: 0.012, DateLevel.OTHER: 0.985}
# A number contains the year: whoever carries nearly the same number was mostly born in the same one.
_DATE_U_BESIDE_NUMBER = {
    DateLevel.PARTIAL: 0.02, DateLevel.SWAPPED: 1e-3, DateLevel.ONE_PART: 0.03, DateLevel.SAME_YEAR: 0.3,
    DateLevel.OTHER: 0.6,
}  # fmt: skip
_NUMBER_CLOSE_U = 5e-5
_SEX_U = 0.5
_SEX_LOG_BESIDE_NUMBER = {SexLevel.SAME: 0.0, SexLevel.UNKNOWN: 0.0, SexLevel.DIFFERS: log(0.1)}
_PLACE_LOG = {
    PlaceLevel.COMMUNE: log(2.2), PlaceLevel.PROVINCE: log(0.2), PlaceLevel.UNKNOWN: 0.0, PlaceLevel.DIFFERS: log(0.15),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameters:
    """How often true pairs agree to each level (m), and how many members are expected outside the registry."""

    name: Mapping[NameLevel, float]
    date: Mapping[DateLevel, float]
    number: Mapping[NumberLevel, float]
    sex: Mapping[SexLevel, float]
    outside_share: float = OUTSIDE_SHARE


#: Assumed until officers' decisions tell better.
ASSUMED = Parameters(
    name={
        NameLevel.SAME: 0.955, NameLevel.SPELLING: 0.010, NameLevel.BARE: 0.010, NameLevel.ORDER: 0.003,
        NameLevel.MARKS: 0.010, NameLevel.TYPO: 0.012, NameLevel.SHORTENED: 0.006, NameLevel.RESEMBLES: 0.003,
        NameLevel.NONE: 0.003,
    },
    date={
        DateLevel.EQUAL: 0.955, DateLevel.PARTIAL: 0.018, DateLevel.SWAPPED: 0.010, DateLevel.ONE_PART: 0.010,
        DateLevel.SAME_YEAR: 0.004, DateLevel.OTHER: 0.003,
    },
    number={
        NumberLevel.EQUAL: 0.955, NumberLevel.NEAR: 0.016, NumberLevel.OLD: 0.010, NumberLevel.CLOSE: 0.004,
        NumberLevel.DIFFERENT: 0.012,
    },
    sex={SexLevel.SAME: 0.985, SexLevel.DIFFERS: 0.015},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How often things occur in the registry. Shapes: dates by yyyymmdd, names by their key."""

    size: int
    dates: Mapping[int, int]
    years: Mapping[int, int]

    @property
    def population(self) -> int:
        """How many people strangers are drawn from."""
        return max(self.size, _SMALLEST_POPULATION)

    def of_name(self, count: int) -> float:
        """The share of strangers with a name that the registry has `count` times."""
        return (count + 1) / (self.size + _SMALLEST_POPULATION)

    def of_date(self, born: Figures) -> float:
        """The share of strangers born on that day."""
        return (self.dates.get(born.as_int, 0) + 0.4) / (self.size + _SMALLEST_POPULATION)

    def of_year(self, year: int) -> float:
        """The share of strangers born in that year."""
        return (self.years.get(year, 0) + _SMALLEST_POPULATION / 70) / (self.size + _SMALLEST_POPULATION)


def likelihood(
    levels: Levels, born: Figures, name_count: int, frequencies: Frequencies, parameters: Parameters
) -> float:
    """The logarithm of L for one pair; `born` and `name_count` are those of the record."""
    beside_number = levels.number >= NumberLevel.NEAR
    total = _name_log(levels.name, frequencies.of_name(name_count), parameters)
    total += _date_log(levels.date, born, frequencies, parameters, beside_number=beside_number)
    total += _number_log(levels.number, frequencies.population, parameters)
    total += _sex_log(levels.sex, parameters, beside_number=beside_number)
    return total + _PLACE_LOG[levels.place]


def posteriors(likelihoods: Sequence[float], size: int, outside_share: float) -> list[float]:
    """The probability of each candidate, in their order; what is missing to 1 is the probability of nobody."""
    prior = log((1 - outside_share) / max(size, 1))
    weights = [prior + value for value in likelihoods]
    top = max([*weights, log(outside_share)])
    scaled = [exp(weight - top) for weight in weights]
    total = sum(scaled) + exp(log(outside_share) - top)
    return [value / total for value in scaled]


def expected_strangers(levels: Levels, born: Figures, name_count: int, frequencies: Frequencies) -> float:
    """How many strangers in the registry agree as well with a row, by name and date alone."""
    date = frequencies.of_date(born) if levels.date is DateLevel.EQUAL else _DATE_U.get(levels.date, 1.0)
    name = _NAME_U.get(levels.name, frequencies.of_name(name_count))
    return frequencies.population * name * date


def _name_log(level: NameLevel, share: float, parameters: Parameters) -> float:
    if level is NameLevel.MISSING:
        return 0.0
    return log(parameters.name[level] / _NAME_U.get(level, share))


def _date_log(
    level: DateLevel, born: Figures, frequencies: Frequencies, parameters: Parameters, *, beside_number: bool
) -> float:
    if level is DateLevel.MISSING:
        return 0.0
    if level is DateLevel.EQUAL:
        share = frequencies.of_date(born)
        u = min(0.3 * share / frequencies.of_year(born.year), 0.3) if beside_number else share
    elif beside_number:
        u = _DATE_U_BESIDE_NUMBER[level]
    elif level is DateLevel.PARTIAL:
        u = frequencies.of_year(born.year)
    else:
        u = _DATE_U[level]
    return log(parameters.date[level] / u)


def _number_log(level: NumberLevel, population: int, parameters: Parameters) -> float:
    match level:
        case NumberLevel.MISSING:
            return 0.0
        case NumberLevel.EQUAL | NumberLevel.OLD:
            u = 1 / population
        case NumberLevel.NEAR:
            u = 3 / population
        case NumberLevel.CLOSE:
            u = _NUMBER_CLOSE_U
        case _:
            u = 1.0
    return log(parameters.number[level] / u)


def _sex_log(level: SexLevel, parameters: Parameters, *, beside_number: bool) -> float:
    if level is SexLevel.UNKNOWN:
        return 0.0
    return _SEX_LOG_BESIDE_NUMBER[level] if beside_number else log(parameters.sex[level] / _SEX_U)
