"""What single things in a home do over days, on a grid of 30 seconds."""

from collections.abc import Iterable
import math

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

type Trace = NDArray[np.float64]

STEP = 30.0
HOUR = 120
DAY = 24 * HOUR

_WORKDAYS = 5
_MORNING, _EVENING = 6.5, 22.5
# Hour until which a phone is charged at night; degrees that only an open window brings about.
_CHARGED, _OPEN_WINDOW = 1.5, 17
# Texts are traces of indices into their words.
HOME, AWAY, WORK = 0, 1, 2
CLOSED, OPEN = 0, 1


def _happens(rng: Generator, probability: float) -> bool:
    return bool(rng.random() < probability)


def rounded(trace: Trace, decimals: int, every: int = 1) -> Trace:
    """Return what a sensor reports that measures every so many steps and rounds."""
    return np.repeat(np.round(trace[::every], decimals), every)[: len(trace)]


def above(trace: Trace, least: float) -> Trace:
    """Return where a number is at least this large, as indices of two words."""
    return np.asarray(trace >= least, dtype=np.float64)


def wandering(rng: Generator, length: int, spread: float, memory: float) -> Trace:
    """Return noise with this standard deviation that forgets itself within so many steps."""
    keep = math.exp(-1 / memory)
    pushes = rng.normal(0, spread * math.sqrt(1 - keep * keep), length)
    noise = np.empty(length)
    now = rng.normal(0, spread)
    for i, push in enumerate(pushes):
        now = now * keep + push
        noise[i] = now
    return noise


def hours(days: int) -> Trace:
    """Return the hour of the day at each step."""
    return np.tile(np.arange(DAY) / HOUR, days)


def person(rng: Generator, days: int, first_weekday: int) -> Trace:
    """Return where a person with a job is."""
    trace = np.full(days * DAY, HOME, dtype=np.float64)

    def out(day: int, begin: float, end: float, where: int) -> None:
        trace[day * DAY + round(begin * HOUR) : day * DAY + round(end * HOUR)] = where

    for day in range(days):
        if (first_weekday + day) % 7 < _WORKDAYS and _happens(rng, 0.85):
            leaves, returns, commute = rng.normal(7.8, 0.4), rng.normal(16.8, 0.8), rng.uniform(0.25, 0.7)
            out(day, leaves, returns, AWAY)
            out(day, leaves + commute, returns - commute, WORK)
        elif _happens(rng, 0.8):
            begin = rng.uniform(9, 14)
            out(day, begin, begin + rng.uniform(0.7, 4), AWAY)
        if _happens(rng, 0.35):
            begin = rng.uniform(18.3, 19.5)
            out(day, begin, begin + rng.uniform(0.5, 2.5), AWAY)
    return trace


def door(
    rng: Generator, days: int, people: Iterable[Trace], *, times_a_day: float, median: float, left_open: float
) -> Trace:
    """Return a door that people use by day; `median` minutes open, now and then left open for long."""
    trace = np.full(days * DAY, CLOSED, dtype=np.float64)
    at = [step + rng.integers(-3, 2) for trace_ in people for step in np.flatnonzero(np.diff((trace_ == HOME) * 1.0))]
    for day in range(days):
        count = rng.poisson(times_a_day)
        at += [day * DAY + round(h * HOUR) for h in rng.uniform(_MORNING, _EVENING, count)]
    for begin in at:
        minutes = rng.uniform(15, 60) if _happens(rng, left_open) else rng.lognormal(math.log(median), 0.7)
        trace[max(begin, 0) : begin + max(1, round(minutes * 2))] = OPEN
    return trace


def flapping(rng: Generator, days: int) -> Trace:
    """Return a contact that flaps for some hours of each day, and is used now and then otherwise."""
    trace = door(rng, days, (), times_a_day=5, median=3, left_open=0.2)
    for day in range(days):
        begin = rng.uniform(7, 14)
        step, last = day * DAY + round(begin * HOUR), day * DAY + round((begin + rng.uniform(3, 6)) * HOUR)
        state = OPEN
        while step < last:
            dwell = 1 + round(rng.exponential(4))
            trace[step : step + dwell] = state
            state = CLOSED if state == OPEN else OPEN
            step += dwell
    return trace


def room(rng: Generator, days: int, rooms: int) -> Trace:
    """Return the room in which something moved last: many by day, room 0 at night."""
    trace = np.zeros(days * DAY)
    for day in range(days):
        step, last = day * DAY + round(rng.normal(6.6, 0.3) * HOUR), day * DAY + round(rng.normal(22.6, 0.3) * HOUR)
        here = 0
        while step < last:
            here = int((here + rng.integers(1, rooms)) % rooms)
            dwell = max(1, round(rng.lognormal(math.log(9), 1.0)))
            trace[step : min(step + dwell, last)] = here
            step += dwell
        night = day * DAY + round(rng.uniform(1, 5) * HOUR)
        trace[night : night + 8] = 1
    return trace


def indoor(rng: Generator, days: int) -> Trace:
    """Return a heated room: warmer by day, aired twice, and a thermostat that goes on and off."""
    clock = hours(days)
    target = np.where((clock > _MORNING - 0.5) & (clock < _EVENING), 21.2, 19.0)
    for day in range(days):
        for around in (7.5, 19.5):
            begin = day * DAY + round(rng.normal(around, 0.7) * HOUR)
            target[begin : begin + round(rng.uniform(8, 20) * 2)] -= rng.uniform(4, 9)
    heating, now = 1.0, 19.0
    trace = np.empty(days * DAY)
    for i, aim in enumerate(target):
        heating = 1.0 if now < aim - 0.3 else 0.0 if now > aim + 0.3 else heating
        # An open window cools far faster than a radiator warms.
        airing = aim < _OPEN_WINDOW
        speed = 0.03 if airing else 0.006
        now += speed * (aim if airing else aim + (1.2 if heating else -1.2)) - speed * now
        trace[i] = now
    return rounded(trace + wandering(rng, len(trace), 0.06, 40), 1, 10)


def outdoor(rng: Generator, days: int) -> Trace:
    """Return the temperature outside."""
    clock, length = hours(days), days * DAY
    swing = rng.uniform(2.5, 6) * np.sin((clock - 9) / 24 * 2 * math.pi)
    return rng.uniform(4, 18) + swing + wandering(rng, length, 1.0, 6 * HOUR)


def phone_battery(rng: Generator, days: int) -> Trace:
    """Return the battery of a phone: charged at night, used by day."""
    clock = hours(days)
    use = np.where((clock > _MORNING) & (clock < _EVENING + 0.7), np.exp(wandering(rng, len(clock), 0.9, 40)), 0.12)
    charge = (clock > _EVENING + 0.7) | (clock < _CHARGED)
    for day in range(days):
        if _happens(rng, 0.4):
            begin = day * DAY + round(rng.uniform(12, 19) * HOUR)
            charge[begin : begin + round(rng.uniform(0.3, 0.8) * HOUR)] = True
    now, trace = 90.0, np.empty(len(clock))
    for i, used in enumerate(use):
        now = min(100.0, max(3.0, now + (0.45 if charge[i] else -used * 3.2 / HOUR)))
        trace[i] = now
    return rounded(trace, 0)


def washing_machine(rng: Generator, days: int) -> Trace:
    """Return the progress of a washing machine in percent; 100 until it is emptied."""
    trace = np.zeros(days * DAY)
    for day in range(days):
        begin = day * DAY + round(rng.uniform(8, 12) * HOUR)
        for _ in range(rng.integers(0, 3)):
            lasts = round(rng.uniform(70, 160) * 2)
            ends = min(begin + lasts, len(trace))
            trace[begin:ends] = np.round(np.arange(ends - begin) / lasts * 100)
            emptied = ends + round(rng.uniform(10, 120) * 2)
            trace[ends:emptied] = 100
            begin = emptied + round(rng.uniform(0.2, 2) * HOUR)
    return trace


def load(rng: Generator, days: int) -> Trace:
    """Return the power that a household takes: a base, and appliances that come and go."""
    clock, length = hours(days), days * DAY
    trace = 220 + wandering(rng, length, 25, 30) + np.where((clock > _MORNING) & (clock < _EVENING + 0.5), 130, 0)
    fridge = 80
    for begin in range(0, length, fridge):
        trace[begin : begin + 30] += 90
    for day in range(days):
        for _ in range(rng.poisson(14)):
            around = rng.choice([7.2, 12.5, 18.8], p=[0.3, 0.25, 0.45])
            begin = day * DAY + round(np.clip(rng.normal(around, 1.2), _MORNING, _EVENING) * HOUR)
            minutes, watts = ((3, 2000), (12, 1200), (45, 900), (90, 500))[rng.choice(4, p=[0.45, 0.3, 0.15, 0.1])]
            trace[begin : begin + max(2, round(minutes * 2 * rng.uniform(0.7, 1.4)))] += watts
    return rounded(trace, 0, 2)


def sun(rng: Generator, days: int) -> Trace:
    """Return the power of solar panels, on clear, changing and dull days."""
    height = np.clip(np.sin((hours(days) - 6.5) / 13 * math.pi), 0, None) ** 1.3
    clouds = np.empty(days * DAY)
    for day in range(days):
        mean, spread = ((0.95, 0.03), (0.65, 0.25), (0.2, 0.08))[rng.choice(3, p=[0.35, 0.4, 0.25])]
        clouds[day * DAY : (day + 1) * DAY] = mean + wandering(rng, DAY, spread, 25)
    return rounded(5200 * height * np.clip(clouds, 0.05, 1.05), 0, 2)


def home_battery(surplus: Trace) -> tuple[Trace, Trace]:
    """Return charge in percent and power from the grid, of a home with this surplus of its own power."""
    watt_hours, capacity, most = 3000.0, 9000.0, 2500.0
    charge, grid = np.empty(len(surplus)), np.empty(len(surplus))
    for i, watts in enumerate(surplus):
        flow = min(max(watts, -most), most)
        room_left = (capacity - watt_hours) if flow > 0 else watt_hours
        flow = math.copysign(min(abs(flow), max(room_left, 0) * HOUR), flow)
        watt_hours += flow / HOUR
        charge[i] = watt_hours / capacity * 100
        grid[i] = flow - watts
    return rounded(charge, 0), rounded(grid, 0, 2)


def price(rng: Generator, days: int) -> Trace:
    """Return an hourly price of electricity in €/kWh: low at noon and at night, high in the evening, below 0 at times."""
    hour = np.arange(days * 24) % 24
    shape = 0.09 * np.cos((hour - 19) / 24 * 4 * math.pi) - 0.05 * ((hour > 11) & (hour < 15))
    level = rng.uniform(0.12, 0.3) + wandering(rng, days * 24, 0.04, 8)
    return np.repeat(np.round(level + shape * rng.uniform(0.5, 1.4), 2), HOUR)


def pressure(rng: Generator, days: int) -> Trace:
    """Return the pressure of a heating circuit in bar: it breathes with the burner, falls, and is filled up."""
    length = days * DAY
    trace = 1.6 + 0.12 * np.sin(np.arange(length) / HOUR * rng.uniform(0.8, 1.6)) + wandering(rng, length, 0.02, 20)
    leak = np.zeros(length)
    for day in range(days):
        if _happens(rng, 0.5):
            begin = day * DAY + round(rng.uniform(0, 20) * HOUR)
            lasts = round(rng.uniform(1, 8) * HOUR)
            fall = np.linspace(0, rng.uniform(0.4, 1.0), lasts)[: length - begin]
            leak[begin : begin + lasts] += fall
    return rounded(np.clip(trace - leak, 0, None), 1, 2)


def carbon_dioxide(rng: Generator, days: int) -> Trace:
    """Return the CO2 of a room in ppm: it rises while people are there, and falls while a window is open."""
    clock, length = hours(days), days * DAY
    people = np.where((clock < _MORNING) | (clock > _EVENING), 2.0, 0.0)
    airing = np.zeros(length, dtype=np.bool_)
    for day in range(days):
        for _ in range(rng.integers(1, 5)):
            begin = day * DAY + round(rng.uniform(7, 21) * HOUR)
            people[begin : begin + round(rng.uniform(0.3, 3) * HOUR)] += rng.integers(1, 5)
        for around in (_MORNING, 13.0, 19.0, _EVENING):
            begin = day * DAY + round(rng.normal(around, 0.5) * HOUR)
            airing[begin : begin + round(rng.uniform(8, 25) * 2)] = True
    now, trace = 700.0, np.empty(length)
    for i in range(length):
        now += people[i] * 2.2 - (now - 420) * (0.06 if airing[i] else 0.004)
        trace[i] = now
    return rounded(trace + rng.normal(0, 8, length), 0, 2)


def uv_index(rng: Generator, days: int) -> Trace:
    """Return the UV index, which is 0 at night, on clear and on dull days."""
    height = np.clip(np.sin((hours(days) - 6.5) / 13 * math.pi), 0, None) ** 1.7
    clouds = np.clip(0.8 + wandering(rng, days * DAY, 0.25, 60), 0.1, 1.05)
    return rounded(rng.uniform(1.5, 7) * height * clouds, 1, 20)


def rain(rng: Generator, days: int) -> Trace:
    """Return the rain of the last hour in mm: mostly none, showers by a rain gauge that tips at 0.2 mm."""
    length = days * DAY
    tips = np.zeros(length)
    for _ in range(rng.poisson(2.5 * days)):
        begin = int(rng.integers(length))
        lasts = round(rng.lognormal(math.log(40), 0.9) * 2)
        wet = rng.random(len(tips[begin : begin + lasts])) < rng.lognormal(math.log(0.05), 0.8)
        tips[begin : begin + lasts] += wet * 0.2
    summed = np.cumsum(tips)
    hour_before = np.concatenate([np.zeros(HOUR), summed[:-HOUR]])
    return rounded(summed - hour_before, 1)


def changing(rng: Generator, days: int, words: int, times_a_day: float) -> Trace:
    """Return a text that changes so many times a day, mostly by day, each time to the next of its words."""
    trace = np.zeros(days * DAY)
    for day in range(days):
        for hour in rng.uniform(_MORNING, _EVENING, rng.poisson(times_a_day)):
            trace[day * DAY + round(hour * HOUR) :] += 1
    return np.mod(trace, words)
