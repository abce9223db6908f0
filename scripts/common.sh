# shellcheck shell=bash
# What every script here shares: where things are kept, and how they get there.
# Sourced, never run; the caller has set -euo pipefail.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${PUSHOVER_GLANCES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pushover_glances}"
# The versions of Home Assistant that are supported. The first is the one that nobody has to pick.
HA_VERSIONS=(2026.10.4 2026.11.0)
PYTHON_MINIMUM="3.14.2"
UV_VERSION="0.13.9"

# Everything that a run downloads or compiles stays in the cache folder.
export UV_CACHE_DIR="$CACHE/uv"
export UV_PYTHON_INSTALL_DIR="$CACHE/uv-python"
export PYTHONPYCACHEPREFIX="$CACHE/bytecode"
export PLAYWRIGHT_BROWSERS_PATH="$CACHE/browsers"
export COVERAGE_FILE="$ROOT/.run/coverage"
# Without byte code a Home Assistant needs twice as long to start.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

# Sets HA_VERSION, and HA_PICKED where the caller's first arguments are --ha VERSION, which it takes away.
HA_VERSION="${HA_VERSIONS[0]}"
# shellcheck disable=SC2034  # scripts/test asks for it
HA_PICKED=
if [[ "${1:-}" == "--ha" ]]; then
  if [[ ! "${2:-}" =~ ^20[0-9]{2}\.[0-9]{1,2}\.[0-9]+(b[0-9]+)?$ ]]; then
    say "--ha wants the version of a Home Assistant; supported are: ${HA_VERSIONS[*]}"
    exit 2
  fi
  HA_VERSION="$2"
  # shellcheck disable=SC2034
  HA_PICKED=1
  shift 2
fi

# step TEXT COMMAND...: runs a command and shows what it does, for how long already, and the last line that it printed:
# in place on a terminal, else every 10 seconds. The output is shown only if the command fails, and not after "quiet".
step() {
  local text="$1" log started pid shown=0 seconds status=0
  shift
  log="$(mktemp "$CACHE/step.XXXXXX")"
  started=$SECONDS
  say "  $text ..."
  "$@" >"$log" 2>&1 9>&- &
  pid=$!
  # A command in the background of a script does not hear Ctrl-C.
  # shellcheck disable=SC2064  # the values of now
  trap "kill $pid 2>/dev/null; rm -f '$log'; exit 130" INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    seconds=$((SECONDS - started))
    if [[ -t 2 ]] && ((seconds > shown)); then
      shown=$seconds
      printf '\r\033[K    %d s  %s' "$seconds" "$(last_line "$log")" >&2
    elif ((seconds >= shown + 10)); then
      shown=$seconds
      say "    $seconds s  $(last_line "$log")"
    fi
  done
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  wait "$pid" || status=$?
  trap - INT TERM
  if ((status != 0)) && [[ -z "${QUIET:-}" ]]; then
    tail -n 20 "$log" | sed 's/^/    /' >&2
  fi
  rm -f "$log"
  return "$status"
}

# The last line of a file, without control characters, as far as a terminal has room for it.
last_line() { tail -n 1 "$1" | tr '\r' '\n' | tail -n 1 | tr -cd '[:print:]' | cut -c 1-64; }

quiet() { QUIET=1 "$@"; }

python_is_new_enough() {
  "$1" -c "import sys; sys.exit(sys.version_info[:3] < tuple(map(int, '$PYTHON_MINIMUM'.split('.'))))" 2>/dev/null
}

# Sets UV to a uv that is installed, or gets one with a Python that has venv and pip.
ensure_uv() {
  local python="$1" tools="$CACHE/tools"
  UV="$(command -v uv || true)"
  if [[ -n "$UV" ]]; then return; fi
  UV="$tools/bin/uv"
  if "$UV" --version >/dev/null 2>&1; then return; fi
  rm -rf "$tools"
  quiet step "Fetching uv $UV_VERSION with $python" fetch_uv "$python" "$tools"
}

fetch_uv() {
  local wheels="$CACHE/python/usr/share/python-wheels"
  if [[ "$1" == "$CACHE/python/"* ]]; then
    # Unpacked from packages, Python looks for its pip where the system would have it.
    "$1" "$(echo "$wheels"/pip-*.whl)/pip" install --target "$2" "uv==$UV_VERSION"
  else
    "$1" -m venv "$2" && "$2/bin/python" -m pip install "uv==$UV_VERSION"
  fi
}

# Sets PYTHON to an interpreter that Home Assistant can run on; tries each way in turn.
ensure_python() {
  local remembered="$CACHE/python-path"
  if [[ -s "$remembered" ]]; then
    PYTHON="$(<"$remembered")"
    if python_is_new_enough "$PYTHON"; then return; fi
  fi
  if ! python_by_uv && ! fetch_packaged_python; then
    say "No Python >= $PYTHON_MINIMUM could be had. Install one (python.org, your system's packages, pyenv or uv) and run this again."
    return 1
  fi
  printf '%s' "$PYTHON" >"$remembered"
  say "  Python: $("$PYTHON" --version)"
}

python_by_uv() {
  if ! ensure_uv python3; then
    say "  uv is not here, and python3 cannot fetch it (it needs venv and pip); trying the packages of Debian or Ubuntu."
    return 1
  fi
  find_installed_python || fetch_uv_python
}

find_installed_python() {
  PYTHON="$("$UV" python find --no-python-downloads --system ">=$PYTHON_MINIMUM" 2>/dev/null)" &&
    python_is_new_enough "$PYTHON" && return
  say "  No Python >= $PYTHON_MINIMUM is installed here; trying uv's own."
  return 1
}

fetch_uv_python() {
  if UV_HTTP_RETRIES=0 quiet step "Downloading Python 3.14 with uv" "$UV" python install --no-bin 3.14 &&
    PYTHON="$("$UV" python find --managed-python 3.14 2>/dev/null)" && python_is_new_enough "$PYTHON"; then
    return
  fi
  say "  uv could not download Python; trying the packages of Debian or Ubuntu."
  return 1
}

fetch_packaged_python() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    say "  This system has no apt, so its packages cannot help."
    return 1
  fi
  if step "Unpacking Python 3.14 from packages (about 35 MB)" "$ROOT/scripts/python-from-packages" "$CACHE/python" &&
    python_is_new_enough "$CACHE/python/usr/bin/python3.14"; then
    PYTHON="$CACHE/python/usr/bin/python3.14"
    return
  fi
  say "  The packages did not give a Python >= $PYTHON_MINIMUM."
  return 1
}

# Sets ENVIRONMENT to a virtual environment with Home Assistant and what the tests need.
ensure_environment() {
  local core
  mkdir -p "$CACHE" "$ROOT/.run"
  # Two runs at once must not build the same environment twice.
  exec 9>"$CACHE/lock"
  if command -v flock >/dev/null && ! flock -n 9; then
    say "Another run is setting up; waiting for it."
    flock 9
  fi
  # Named after what is in it, so that another checkout or branch does not pull it from under a running test.
  ENVIRONMENT="$CACHE/environment-$HA_VERSION-$(cat "$ROOT/requirements_test.txt" "$ROOT/scripts/common.sh" | cksum | cut -d ' ' -f 1)"
  if [[ ! -e "$ENVIRONMENT/.complete" ]] || ! "$ENVIRONMENT/bin/python" -c '' 2>/dev/null; then
    say "Setting up Home Assistant $HA_VERSION in $CACHE. This happens once, and takes a few minutes."
    ensure_python
    ensure_uv "$PYTHON" || {
      say "uv could not be fetched with $PYTHON. Install uv (https://docs.astral.sh/uv/) and run this again."
      return 1
    }
    rm -rf "$ENVIRONMENT"
    step "Creating the environment" "$UV" venv --python "$PYTHON" "$ENVIRONMENT"
    step "Fetching Home Assistant" install_packages --no-deps "homeassistant==$HA_VERSION"
    # Home Assistant decides about versions, and not the test harness, which is made for one of them.
    core="$("$ENVIRONMENT/bin/python" -c 'import importlib.util as u; print(u.find_spec("homeassistant").submodule_search_locations[0])')"
    {
      echo "homeassistant==$HA_VERSION"
      # The packages that have their version from the manifest of an integration.
      sed -n 's/.*"\(aiohasupervisor==[^"]*\)".*/\1/p' "$core/components/hassio/manifest.json"
      sed -n 's/.*"\(ical==[^"]*\)".*/\1/p' "$core/components/local_calendar/manifest.json"
    } >"$ENVIRONMENT/picked.txt"
    step "Fetching what it and the tests need" install_packages --requirement "$ROOT/requirements_test.txt" \
      --override "$ENVIRONMENT/picked.txt" --override "$core/package_constraints.txt"
    step "Compiling byte code" compile_byte_code
    touch "$ENVIRONMENT/.complete"
  fi
  exec 9>&-
}

install_packages() {
  "$UV" pip install --python "$ENVIRONMENT" "$@"
}

compile_byte_code() {
  "$ENVIRONMENT/bin/python" -m compileall -q -j 0 "$ENVIRONMENT/lib" || true
}

# Sets and exports CHROMIUM to a Chromium or Chrome for the browser tests; after ensure_environment.
ensure_chromium() {
  if [[ -n "${PUSHOVER_GLANCES_CHROMIUM:-}" ]]; then
    if take_chromium "$PUSHOVER_GLANCES_CHROMIUM"; then return; fi
    say "PUSHOVER_GLANCES_CHROMIUM is set to $PUSHOVER_GLANCES_CHROMIUM, which does not start."
    return 1
  fi
  if find_installed_chromium || install_packaged_chromium || fetch_chromium; then
    say "  Browser: $CHROMIUM"
    return
  fi
  say "No Chromium could be had. Install Chromium or Chrome, or set PUSHOVER_GLANCES_CHROMIUM to one, and run this again."
  return 1
}

# Ubuntu's chromium-browser may be no more than a hint to install a snap, so that being there is not enough.
take_chromium() {
  CHROMIUM="$(command -v "$1")" && "$CHROMIUM" --version >/dev/null 2>&1 && export CHROMIUM
}

find_installed_chromium() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
    if take_chromium "$name"; then return; fi
  done
  take_chromium "$(fetched_chromium)"
}

install_packaged_chromium() {
  local root=()
  if ! command -v apt-get >/dev/null; then return 1; fi
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || return 1
    root=(sudo -n)
  fi
  if quiet step "Reading the list of packages" ${root[@]+"${root[@]}"} apt-get update &&
    quiet step "Installing the package chromium" ${root[@]+"${root[@]}"} \
      env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium &&
    take_chromium chromium; then
    return
  fi
  say "  The packages did not give a Chromium that starts; trying a download."
  return 1
}

fetch_chromium() {
  step "Downloading Chromium" "$ENVIRONMENT/bin/python" -m playwright install chromium &&
    take_chromium "$(fetched_chromium)"
}

# Where playwright keeps a Chromium of its own, whether or not there is one yet.
fetched_chromium() {
  "$ENVIRONMENT/bin/python" -c 'from playwright.sync_api import sync_playwright as p
with p() as it: print(it.chromium.executable_path)'
}
