"""What the doctor says of settings, proxies and Redis."""

from typing import Any

import pytest
import redis
from pytest_django import Settings

from campaign.doctor import services
from campaign.doctor.findings import Level
from tests.campaign.doctor.levels import FAIL, OK, WARN, levels
from tests.services import redis_url


@pytest.mark.parametrize(
    ("base", "count", "level"),
    [
        ("https://petition.example.org", 1, OK),
        ("https://petition.example.org", 0, FAIL),
        ("http://localhost:8000", 0, OK),
        ("http://localhost:8000", 1, WARN),
    ],
)
def test_proxies_fit_the_address(settings: Settings, base: str, count: int, level: Level) -> None:
    settings.PUBLIC_BASE_URL, settings.PROXY_COUNT = base, count
    assert levels(services.proxies_are_counted()) == [level]


def test_what_the_deploy_check_finds_fails_for_real_only(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = False
    settings.DEMO = False
    assert "security.W012" in " ".join(each.text for each in services.deploy_checks_pass())
    settings.DEMO = True
    assert levels(services.deploy_checks_pass()) == [OK]


def test_redis_that_is_away_fails(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert levels(services.redis_refuses_when_full()) == [FAIL]
    settings.REDIS_URL = ""
    assert levels(services.redis_refuses_when_full()) == [OK]


@pytest.mark.redis
@pytest.mark.xdist_group("redis")
@pytest.mark.parametrize(("policy", "level"), [("noeviction", OK), ("allkeys-lru", WARN)])
def test_redis_must_refuse_when_it_is_full(settings: Settings, policy: str, level: Level) -> None:
    settings.REDIS_URL = redis_url()
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        before: Any = client.config_get("maxmemory-policy")
        client.config_set("maxmemory-policy", policy)
        try:
            assert levels(services.redis_refuses_when_full()) == [level]
        finally:
            client.config_set("maxmemory-policy", before["maxmemory-policy"])
