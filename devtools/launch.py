"""Starts Home Assistant with this integration pointed at an emulated Pushover.

Usage: python -m devtools.launch CONFIG_FOLDER API_URL [ARGUMENTS OF hass...]

The integration itself has no such setting, so that nothing can make it send a token anywhere but to Pushover.
"""

import sys
import warnings

from homeassistant.__main__ import main


def _launch() -> int:
    config, api_url, *arguments = sys.argv[1:]
    # Python keeps quiet about deprecations otherwise.
    warnings.filterwarnings("default", module=r"custom_components\.pushover_glances")
    # Where Home Assistant will look for custom integrations, so that both see the same module.
    sys.path.insert(0, config)
    import custom_components.pushover_glances.api as api  # noqa: PLC0415, PLR0402

    if not (api.__file__ or "").startswith(config):
        raise RuntimeError(f"Took {api.__file__} for the integration in {config}")
    vars(api)["API_URL"] = api_url
    sys.argv = ["hass", "--config", config, *arguments]
    return main()


if __name__ == "__main__":
    sys.exit(_launch())
