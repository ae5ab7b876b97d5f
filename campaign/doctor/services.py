"""What stands around the application: settings for the open net, proxies, Redis."""

from collections.abc import Iterator
from typing import Any

import redis
from django.conf import settings
from django.core import checks

from campaign.doctor.findings import Finding, fail, ok, warn

_WAIT = 3


def deploy_checks_pass() -> Iterator[Finding]:
    """`check --deploy`; in a demonstration its warnings are expected and not told."""
    told = checks.run_checks(include_deployment_checks=True)
    least = checks.ERROR if settings.DEMO else checks.WARNING
    wrong = [message for message in told if message.level >= least]
    for message in wrong:
        text = f"{message.id}: {message.msg.splitlines()[0]}"
        yield fail("settings", text, remedy=message.hint or "`manage.py check --deploy` says more.")
    if not wrong:
        yield ok("settings", "`check --deploy` finds nothing" if not settings.DEMO else "a demo's")


def proxies_are_counted() -> Iterator[Finding]:
    is_https = settings.PUBLIC_BASE_URL.startswith("https://")
    if is_https and not settings.PROXY_COUNT:
        yield fail(
            "proxies",
            "PUBLIC_BASE_URL is https and PROXY_COUNT is 0: limits take all visitors for one",
            remedy="Set PROXY_COUNT to the number of your own proxies: 1 with nginx alone.",
        )
    elif settings.PROXY_COUNT and not is_https:
        yield warn(
            "proxies",
            f"PROXY_COUNT is {settings.PROXY_COUNT} and PUBLIC_BASE_URL is http: without a proxy "
            "anybody may claim to be anybody",
            remedy="Set PROXY_COUNT=0, or PUBLIC_BASE_URL to the https address.",
        )
    else:
        yield ok("proxies", f"{settings.PROXY_COUNT} before {settings.PUBLIC_BASE_URL}")


def redis_refuses_when_full() -> Iterator[Finding]:
    """A queue that drops what is old when memory is short would drop bells and limits."""
    if not settings.REDIS_URL:
        yield ok("redis", "not used: the queue is files, and limits are each process's share")
        return
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=_WAIT, socket_connect_timeout=_WAIT
    )
    try:
        with client:
            client.ping()
            policy = _policy(client)
    except redis.RedisError as error:
        yield fail(
            "redis",
            f"does not answer ({type(error).__name__}): mail waits until it does",
            remedy="Start it, mend REDIS_URL, or unset REDIS_URL.",
        )
        return
    yield _about_policy(policy)


def _policy(client: Any) -> str:
    try:
        found: str = client.info("memory")["maxmemory_policy"]
    except KeyError:
        return "not told"
    return found


def _about_policy(policy: str) -> Finding:
    if policy == "noeviction":
        return ok("redis", "answers, and refuses rather than forgets when it is full")
    return warn(
        "redis",
        f"maxmemory-policy is {policy}: it may drop mail bells and limits when it is full",
        remedy="Set `maxmemory-policy noeviction` in redis.conf, then restart it.",
    )
