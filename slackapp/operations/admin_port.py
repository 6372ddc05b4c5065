"""The admin port: liveness, readiness and Prometheus metrics, for the people who run Baton."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Check: TypeAlias = Callable[[], str | None]
"""Returns a sentence that says why a part is not ready, or None if it is ready."""


def admin_app(*, checks: Mapping[str, Check], registry: CollectorRegistry, more: Sequence[Route] = ()) -> Starlette:
    """Build the web application of the admin port.

    `GET /healthz` answers 200 while the process lives, whatever else is wrong: a restart would not fix it.
    `GET /readyz` answers 200 when every check passes, else 503, and in both cases says which did not and why.
    `GET /metrics` is Prometheus text.

    Args:
        checks: what must be ready, by name, such as `database` and `slack`.
        registry: the metrics that `/metrics` shows.
        more: further routes.
    """

    def healthz(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    def readyz(_request: Request) -> Response:
        reasons = {name: check() for name, check in checks.items()}
        ready = all(reason is None for reason in reasons.values())
        said = {name: reason or "ready" for name, reason in reasons.items()}
        return JSONResponse({"ready": ready, "checks": said}, 200 if ready else 503)

    def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    # Plain functions: Starlette runs them in its threads, so a slow database never stops the loop.
    ours = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    return Starlette(routes=[*ours, *more])
