"""What things in a home do for moments: visits of minutes, appliances in phases, appointments."""

from collections.abc import Iterable
import math

import numpy as np
from numpy.random import Generator

from .traces import DAY, HOUR, Trace, rounded, wandering

_MINUTE = HOUR / 60
PHASES = ("off", "washing", "rinsing", "spinning", "done")
_OFF, _WASHING, _RINSING, _SPINNING, _DONE = range(len(PHASES))


def _times(rng: Generator, days: int, around: Iterable[tuple[float, float, float]]) -> list[int]:
    """Return the steps of events: so many a day on average, around this hour, spread by so many hours."""
    return [
        day * DAY + round(float(np.clip(hour, 0, 23.9)) * HOUR)
        for day in range(days)
        for count, mean, spread in around
        for hour in rng.normal(mean, spread, rng.poisson(count))
    ]


def bathroom(rng: Generator, days: int) -> tuple[Trace, Trace]:
    """Return whether a bathroom is occupied, mostly for minutes, and its humidity, which showers raise."""
    visits, moisture = np.zeros(days * DAY), np.zeros(days * DAY)
    for begin in _times(rng, days, ((5, 7.2, 0.8), (5, 14, 3), (5, 21.5, 1.2), (1, 3.5, 1.2))):
        visits[begin : begin + max(1, round(rng.lognormal(math.log(4), 0.7) * _MINUTE))] = 1
    for begin in _times(rng, days, ((1.5, 7.2, 0.6), (0.6, 21, 0.8))):
        lasts = round(rng.uniform(9, 18) * _MINUTE)
        visits[begin : begin + lasts] = 1
        moisture[begin + 4 : begin + lasts] = rng.uniform(0.5, 1.1)
    humidity, now = np.empty(len(moisture)), 50.0
    for i, more in enumerate(moisture):
        now += more + (50 - now) * 0.02
        humidity[i] = now
    return visits, rounded(np.clip(humidity + wandering(rng, len(humidity), 2, 4 * HOUR), 0, 99), 0, 2)


def cooking(rng: Generator, days: int) -> Trace:
    """Return the power of a stove, whose thermostat goes on and off."""
    trace = np.zeros(days * DAY)
    for begin in _times(rng, days, ((0.6, 7.3, 0.5), (0.8, 12.3, 0.6), (1, 18.7, 0.7))):
        end = begin + round(rng.uniform(15, 60) * _MINUTE)
        step = begin
        while step < end:
            # It heats for long at first, then as needed.
            heats = rng.uniform(5, 12) if step == begin else rng.uniform(1, 3)
            trace[step : step + round(heats * _MINUTE)] = 2200
            step += round((heats + rng.uniform(1, 5)) * _MINUTE)
    return trace


def washing(rng: Generator, days: int) -> tuple[Trace, Trace]:
    """Return the phase of a washing machine, and its power; it is done until somebody empties it."""
    phase, power = np.full(days * DAY, float(_OFF)), np.zeros(days * DAY)
    for begin in _times(rng, days, ((1.2, 10.5, 2.5),)):
        step = begin
        for now, least, most, watts in (
            (_WASHING, 12, 25, 2000),
            (_WASHING, 20, 45, 150),
            (_RINSING, 3, 8, 200),
            (_SPINNING, 1, 3, 450),
            (_RINSING, 3, 8, 200),
            (_SPINNING, 5, 9, 500),
            (_DONE, 3, 90, 0),
        ):
            end = step + round(rng.uniform(least, most) * _MINUTE)
            phase[step:end], power[step:end] = now, watts
            step = end
    return phase, power


def appointments(rng: Generator, days: int, words: int) -> Trace:
    """Return the next appointment, which becomes another at a quarter of an hour, when the present one begins."""
    trace = np.zeros(days * DAY)
    for begin in _times(rng, days, ((3, 10, 1.2), (3, 14.5, 1.5), (0.5, 19, 1))):
        quarter = HOUR // 4
        trace[begin - begin % quarter :] += 1
    return np.mod(trace, words)
