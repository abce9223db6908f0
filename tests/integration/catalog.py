"""The hosts that the Marketplace takes a repository from, on loopback, with releases of this repository's own files."""

from functools import cache
from io import BytesIO
import json
from pathlib import Path
import subprocess
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from aiohttp import web
from aiohttp.test_utils import TestServer

ROOT = Path(__file__).parents[2]
REPOSITORY = "pushover-glances/home-assistant-pushover-glances"
REPOSITORY_ID = "123456789"
PACKAGE = "custom_components/pushover_glances"

type Files = dict[str, bytes]


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603, S607


@cache
def released_files() -> Files:
    """Return what a release made from the index would hold: what is marked as export-ignore is left out."""
    archive = _git("archive", "--format=zip", _git("write-tree").decode().strip())
    with ZipFile(BytesIO(archive)) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def installed_files(files: Files) -> Files:
    """Return what of a release belongs into the folder of the integration."""
    return {
        name.removeprefix(f"{PACKAGE}/"): content for name, content in files.items() if name.startswith(f"{PACKAGE}/")
    }


class Catalog:
    """Serves a catalog with one integration, its single files and its archives, as GitHub does."""

    def __init__(self) -> None:
        """Begin with no release."""
        self.releases: dict[str, Files] = {}
        app = web.Application()
        app.router.add_get("/{category}/data.json", self._category)
        app.router.add_get(f"/{REPOSITORY}/archive/refs/tags/{{tag}}.zip", self._archive)
        app.router.add_get(f"/{REPOSITORY}/{{tag}}/{{path:.+}}", self._file)
        self.server = TestServer(app)

    @property
    def url(self) -> str:
        """The address of all these hosts."""
        return str(self.server.make_url("")).rstrip("/")

    async def _category(self, request: web.Request) -> web.Response:
        if request.match_info["category"] in ("removed", "critical"):
            return web.json_response([])
        if request.match_info["category"] != "integration":
            return web.json_response({})
        tag, files = list(self.releases.items())[-1]
        manifest, hacs = (json.loads(files[name]) for name in (f"{PACKAGE}/manifest.json", "hacs.json"))
        entry: dict[str, Any] = {
            "description": "Small facts on the wrist",
            "domain": manifest["domain"],
            "etag_repository": "",
            "full_name": REPOSITORY,
            "last_fetched": 1_800_000_000 + len(self.releases),
            "last_updated": "2026-11-25T12:00:00Z",
            "last_version": tag,
            "manifest": {"name": hacs["name"]},
            "manifest_name": manifest["name"],
        }
        return web.json_response({REPOSITORY_ID: entry})

    async def _file(self, request: web.Request) -> web.Response:
        content = self.releases.get(request.match_info["tag"], {}).get(request.match_info["path"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    async def _archive(self, request: web.Request) -> web.Response:
        """Return a zip in which everything is below a folder with the name of the repository and of the tag."""
        tag = request.match_info["tag"]
        if tag not in self.releases:
            return web.Response(status=404)
        folder = f"{REPOSITORY.partition('/')[2]}-{tag.removeprefix('v')}"
        packed = BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            archive.writestr(f"{folder}/", "")
            for name, content in self.releases[tag].items():
                archive.writestr(f"{folder}/{name}", content)
        return web.Response(body=packed.getvalue())
