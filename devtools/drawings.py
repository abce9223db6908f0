"""Draws the pictures of the front page that are no screenshots: watches whose complications this integration fills."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from math import cos, radians, sin
from pathlib import Path
import re
from typing import Final

import hass_frontend

from custom_components.pushover_glances.content.faces import draw
from custom_components.pushover_glances.pushover import Field, Value

type _Glance = Mapping[Field, Value | None]

# Where `draw` puts its slots: x, y, width and height.
_RECTANGULAR = (0, 0, 364, 140)
# The middle of the slot, where a short text is.
_INLINE = (62, 152, 240, 68)
_CIRCULAR = (376, 0, 104, 104)

_ORANGE = "#ff9f0a"
_BLUE = "#4aa8e0"
_WHITE = "#fff"
_GREY = "#8e8e93"

_GARAGE: _Glance = {
    Field.TITLE: "Garage",
    Field.TEXT: "Garage door: Open",
    Field.SUBTEXT: "since 14:05",
    Field.PERCENT: 100,
}
_CAR: _Glance = {
    Field.TITLE: "Car battery",
    Field.TEXT: "85 %",
    Field.SUBTEXT: "Charger Plugged in",
    Field.COUNT: 85,
    Field.PERCENT: 85,
}
_WINDOWS: _Glance = {Field.TEXT: "Windows: 2 open", Field.COUNT: 2, Field.PERCENT: 40}


def page(svg: str) -> str:
    """Return an HTML page that shows a picture in the fonts of Home Assistant's frontend."""
    fonts = Path(hass_frontend.where(), "static", "fonts", "roboto")
    faces = "".join(
        f"@font-face {{ font-family: Roboto; font-weight: {weight};"
        f" src: url(data:font/woff2;base64,{b64encode((fonts / f'Roboto-{name}.woff2').read_bytes()).decode()}) }}"
        for weight, name in ((400, "Regular"), (500, "Medium"), (700, "Bold"))
    )
    return f"<style>{faces} * {{ font-family: Roboto !important }} body {{ margin: 0 }}</style>{svg}"


def _slot(glance: _Glance, slot: tuple[int, int, int, int], x: float, y: float, width: float) -> str:
    """Return a slot of the watch faces of a glance, without the rim of its tile."""
    left, top, wide, high = slot
    return (
        f'<svg x="{x}" y="{y}" width="{width}" height="{width * high / wide}" viewBox="{left} {top} {wide} {high}">'
        f"{re.sub('<rect[^>]*>', '', draw(glance))}</svg>"
    )


def _text(text: str, x: float, y: float, size: float, fill: str = _WHITE, **look: object) -> str:
    more = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in look.items())
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" {more}>{escape(text)}</text>'


def _watch(face: str, x: float, y: float, scale: float) -> str:
    """Return a watch, 400 by 480 before it is scaled, with its band."""
    band = "".join(
        f'<path fill="url(#band)" d="M78 {top} C70 {middle} 66 {middle} 60 {bottom} L340 {bottom}'
        f' C334 {middle} 330 {middle} 322 {top} Z"/>'
        for top, middle, bottom in ((-400, -120, 60), (880, 600, 420))
    )
    return f"""<g transform="translate({x} {y}) scale({scale})">
      {band}
      <rect x="396" y="112" width="20" height="84" rx="9" fill="url(#crown)"/>
      <rect x="398" y="262" width="8" height="92" rx="4" fill="#3c3f45"/>
      <rect width="400" height="480" rx="116" fill="url(#case)" filter="url(#shadow)"/>
      <rect x="5" y="5" width="390" height="470" rx="111" fill="#101114"/>
      <rect x="16" y="16" width="368" height="448" rx="100" fill="#000"/>
      {face}
      <path d="M120 5 H280 A111 111 0 0 1 391 116 V190 C300 60 200 30 120 5 Z" fill="{_WHITE}" opacity="0.045"/>
    </g>"""


def _modular(glance: _Glance, clock: str) -> str:
    """Return a face with the date, the time, a large complication, and a round one below."""
    return (
        _text("MON", 92, 84, 27, _ORANGE, font_weight=500, text_anchor="middle")
        + _text("23", 92, 124, 42, font_weight=500, text_anchor="middle")
        + _text(clock, 348, 124, 88, font_weight=400, text_anchor="end")
        + _slot(glance, _RECTANGULAR, 26, 154, 352)
        + _timer(102, 380)
        + _slot(glance, _CIRCULAR, 146, 326, 108)
        + _sun(298, 380)
    )


def _digital(glance: _Glance, clock: str) -> str:
    """Return a face with a large time, and a large complication below."""
    return (
        _text("MON 23 NOV", 200, 96, 27, _ORANGE, font_weight=500, text_anchor="middle")
        + _text(clock, 200, 222, 136, font_weight=400, text_anchor="middle", letter_spacing=-4)
        + _slot(glance, _RECTANGULAR, 30, 262, 360)
    )


def _analog(glance: _Glance) -> str:
    """Return a face with hands at 14:06, a round complication, and a line of text below."""
    ticks = "".join(
        _hand(angle, 162, 150 if angle % 30 else 140, "#d1d1d6" if angle % 30 == 0 else "#48484a", 4)
        for angle in range(0, 360, 6)
    )
    return (
        f'<g transform="translate(200 240)">{ticks}</g>'
        + _slot(glance, _INLINE, 80, 298, 240)
        + _slot(glance, _CIRCULAR, 70, 190, 100)
        + f'<g transform="translate(200 240)">{_hand(63, 88, -16, _WHITE, 12)}{_hand(36, 134, -18, _WHITE, 10)}'
        + f'{_hand(330, 140, -34, _ORANGE, 4)}<circle r="8" fill="{_ORANGE}"/><circle r="3" fill="#000"/></g>'
    )


def _hand(angle: float, length: float, start: float, colour: str, width: float) -> str:
    along, across = sin(radians(angle)), -cos(radians(angle))
    return (
        f'<path d="M{along * start:.1f} {across * start:.1f} L{along * length:.1f} {across * length:.1f}"'
        f' stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'
    )


def _timer(x: float, y: float) -> str:
    """Return a complication of another application: a stopwatch."""
    return (
        f'<g transform="translate({x} {y})" fill="none" stroke="{_ORANGE}" stroke-width="7" stroke-linecap="round">'
        f'<circle r="30"/><path d="M0 -30 V-40 M-9 -42 H9 M0 0 L12 -14"/></g>'
    )


def _sun(x: float, y: float) -> str:
    """Return a complication of another application: a sun."""
    rays = "".join(_hand(angle, 32, 25, "#ffd60a", 6) for angle in range(0, 360, 45))
    return f'<g transform="translate({x} {y})"><circle r="16" fill="#ffd60a"/>{rays}</g>'


_DEFINITIONS = f"""<defs>
  <linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">
    <stop offset="0" stop-color="#0b2239"/><stop offset="0.55" stop-color="#12507a"/><stop offset="1" stop-color="#18a0d6"/>
  </linearGradient>
  <radialGradient id="light" cx="0.5" cy="0.4" r="0.6">
    <stop offset="0" stop-color="{_WHITE}" stop-opacity="0.22"/><stop offset="1" stop-color="{_WHITE}" stop-opacity="0"/>
  </radialGradient>
  <linearGradient id="case" x1="0" y1="0" x2="1" y2="1">
    <stop offset="0" stop-color="#7d828b"/><stop offset="0.5" stop-color="#3a3d43"/><stop offset="1" stop-color="#1d1f23"/>
  </linearGradient>
  <linearGradient id="crown"><stop offset="0" stop-color="#2a2c30"/><stop offset="1" stop-color="#70757d"/></linearGradient>
  <linearGradient id="band"><stop offset="0" stop-color="#1a1c20"/><stop offset="0.25" stop-color="#34373d"/>
    <stop offset="0.75" stop-color="#2b2e33"/><stop offset="1" stop-color="#131417"/></linearGradient>
  <filter id="shadow" x="-30%" y="-30%" width="160%" height="160%">
    <feDropShadow dx="0" dy="18" stdDeviation="22" flood-color="#000" flood-opacity="0.5"/>
  </filter>
</defs>"""


def _picture(width: int, height: int, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'{_DEFINITIONS}<rect width="{width}" height="{height}" fill="url(#sky)"/>'
        f'<rect width="{width}" height="{height}" fill="url(#light)"/>{content}</svg>'
    )


def _hero() -> str:
    return _picture(
        1280,
        600,
        _watch(_digital(_CAR, "14:06"), 92, 130, 0.72)
        + _watch(_analog(_WINDOWS), 900, 130, 0.72)
        + _watch(_modular(_GARAGE, "14:06"), 424, 44, 1.06),
    )


def _garage() -> str:
    """Return a house whose garage door is open."""
    slats = "".join(f'<rect x="150" y="{y}" width="180" height="10" fill="#cfd8dc"/>' for y in (196, 210))
    return _picture(
        480,
        480,
        f"""<rect y="372" width="480" height="108" fill="#2f3b45"/>
        <path d="M60 372 V190 L240 92 L420 190 V372 Z" fill="#eceff1"/>
        <path d="M36 200 L240 84 L444 200" fill="none" stroke="#37474f" stroke-width="22" stroke-linejoin="round"
          stroke-linecap="round"/>
        <rect x="138" y="184" width="204" height="188" fill="#b0bec5"/>
        <rect x="150" y="196" width="180" height="176" fill="#1b262c"/>
        {slats}
        <path d="M176 344 v-34 q0 -10 10 -12 l14 -28 q4 -8 14 -8 h52 q10 0 14 8 l14 28 q10 2 10 12 v34 z"
          fill="{_BLUE}"/>
        <path d="M212 276 h56 l10 22 h-76 z" fill="#d6ecf7"/>
        <rect x="184" y="340" width="26" height="26" rx="6" fill="#0b1116"/>
        <rect x="270" y="340" width="26" height="26" rx="6" fill="#0b1116"/>
        <circle cx="194" cy="318" r="8" fill="#fff6c2"/><circle cx="286" cy="318" r="8" fill="#fff6c2"/>
        <path d="M150 372 H330 L372 480 H108 Z" fill="#46545f"/>"""
        + _clock("14:05"),
    )


def _card() -> str:
    """Return the tile of the garage door on a dashboard of Home Assistant."""
    return _picture(
        480,
        480,
        f"""<rect x="40" y="156" width="400" height="150" rx="26" fill="{_WHITE}" filter="url(#shadow)"/>
        <circle cx="116" cy="231" r="44" fill="{_BLUE}" opacity="0.22"/>
        <g transform="translate(88 203) scale(2.35)" fill="#2a87bd">
          <path d="M19 20h-2v-9H7v9H5V9l7-4 7 4v11M8 12h8v2H8v-2z"/></g>"""
        + _text("Garage door", 184, 222, 34, "#212121", font_weight=500)
        + _text("Open", 184, 264, 30, "#5f6368")
        + _clock("14:05"),
    )


def _clock(time: str) -> str:
    return _text(time, 240, 54, 34, font_weight=500, text_anchor="middle")


def _arrived() -> str:
    return _picture(480, 480, _watch(_modular(_GARAGE, "14:06"), 72, 36, 0.84))


# The pictures by the names of their files.
DRAWINGS: Final = {"hero": _hero, "door_1": _garage, "door_2": _card, "door_3": _arrived}
