"""The preview of a widget: the placeholders of the steps of its flow that show it."""

from homeassistant.core import CoreState, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..content.entity_facts import entity_facts
from ..content.faces import data_url
from ..content.source_result import result_of
from ..content.texts import async_text, plain
from ..content.time_format import async_time_of_day
from ..content.widget_config import WidgetConfig
from ..coordinator import PushoverGlancesConfigEntry
from ..fetcher import async_fetch_answers
from ..planner import FAILING, Forecast, Reason, Send, Wait, actions_of, stamped
from ..pushover import TEXT_FIELDS, Field, Values
from .estimate import async_estimate_text
from .foresight import Foresight, foresee_widget, loaded_coordinator
from .preview_texts import async_number_hints, entities, length, shows


async def async_preview(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> dict[str, str]:
    """Return the placeholders: each field's value and length, the entities, the watch faces, and when it is sent.

    The fields are shown without alerts and pages, because the fields of these are not edited here.
    """
    foresight = await _async_foresight(hass, entry, config)
    infos = {name: result_of(hass, name, source)() for name, source in config.sources.items()}
    # A field without a value keeps its old one on the screen, but the preview shows that it has none.
    state, values = foresight.widget.state, foresight.own.values
    without_value = {name for name, value in values.items() if value is None and not state.paused}
    face = await _async_face(hass, foresight)
    known = {name: value for name, value in face.items() if name not in without_value - actions_of(state).keys()}
    hints = await async_number_hints(hass, infos)
    return {
        **{name.value: shows(name, infos, known.get(name)) + hints[name] for name in Field},
        **{f"{name.value}_length": length(name, infos, foresight.uncovered.values, face) for name in TEXT_FIELDS},
        "entities": entities(hass, config.urgent_entities, infos.values()),
        "picture": data_url(face),
        "goes": await _async_goes(hass, entry, foresight, "goes_now"),
        "estimate": await async_estimate_text(hass, config),
    }


async def async_picture(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> str:
    """Return the watch faces of a widget as the address of a picture."""
    return data_url(await _async_face(hass, await _async_foresight(hass, entry, config)))


async def async_goes(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> str:
    """Return the text on when a widget is sent that is saved at this moment."""
    return await _async_goes(hass, entry, await _async_foresight(hass, entry, config), "goes_at_once")


async def _async_foresight(hass: HomeAssistant, entry: PushoverGlancesConfigEntry, config: WidgetConfig) -> Foresight:
    """Return what will happen to a widget, with the forecasts and items that its sources show."""
    await async_fetch_answers(hass, config.sources)
    return foresee_widget(hass, loaded_coordinator(entry), config)


async def _async_face(hass: HomeAssistant, foresight: Foresight) -> Values:
    """Return what the watch faces show of what is edited."""
    place = foresight.widget.config.rules.time_stamp
    return stamped(foresight.uncovered.values, place, await async_time_of_day(hass, dt_util.now()))


async def _async_goes(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, foresight: Foresight, key_for_now: str
) -> str:
    """Return the text on when the widget is sent, and which page and which alerts cover it now."""
    told = await _async_told(hass, entry, foresight.forecast, key_for_now)
    if (page := foresight.widget.page) is not None and foresight.own is not foresight.rendering:
        replaced = await async_text(hass, "goes_page", page=plain(page.title))
        told = f"{replaced} {told}"
    alerts = [
        alert.title for alert in foresight.widget.config.alerts if alert.subentry_id in foresight.rendering.alerts
    ]
    if not alerts:
        return told
    covered = await async_text(hass, "goes_covered", alerts=plain(", ".join(alerts)))
    return f"{covered} {told}"


async def _async_told(
    hass: HomeAssistant, entry: PushoverGlancesConfigEntry, forecast: Forecast, key_for_now: str
) -> str:
    effect = forecast.effect
    if not isinstance(effect, Send) and not effect.is_pending:
        return await async_text(hass, _idle_key(forecast, effect.reason))
    if loaded_coordinator(entry) is None:
        return await async_text(hass, "goes_when_loaded")
    if hass.state is not CoreState.running:
        return await async_text(hass, "goes_when_started")
    if isinstance(effect, Wait) and effect.until is None:
        return await async_text(hass, "goes_when_off", entity=plain(entity_facts(hass, effect.entity_id).name))
    if isinstance(effect, Send) or effect.until is None or effect.until <= dt_util.utcnow():
        return await async_text(hass, key_for_now)
    local = dt_util.as_local(effect.until)
    key = "goes_at" if local.date() == dt_util.now().date() else "goes_on"
    return await async_text(hass, key, time=await async_time_of_day(hass, local), date=local.date().isoformat())


@callback
def _idle_key(forecast: Forecast, reason: Reason) -> str:
    if not forecast.values:
        return "goes_never"
    if reason in FAILING:
        return "goes_held"
    return "goes_paused" if reason is Reason.PAUSED else "goes_unchanged"
