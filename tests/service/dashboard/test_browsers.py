"""Sessions are told apart by the browser and the system."""

import pytest

from service.dashboard.browsers import browser_name

_KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_KHTML} Chrome/131.0.0.0"
_ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {_KHTML}"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox, Linux",
        ),
        (f"{_WINDOWS} Safari/537.36", "Chrome, Windows"),
        (f"{_WINDOWS} Safari/537.36 Edg/131.0.0.0", "Edge, Windows"),
        (f"{_WINDOWS} YaBrowser/24.10.0.0 Safari/537.36", "Yandex Browser, Windows"),
        (f"{_WINDOWS} Safari/537.36 OPR/115.0.0.0", "Opera, Windows"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15",
            "Safari, macOS",
        ),
        (f"{_IPHONE} CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome, iPhone"),
        (f"{_IPHONE} FxiOS/133.0 Mobile/15E148 Safari/605.1.15", "Firefox, iPhone"),
        (f"{_ANDROID} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile", "Samsung Internet, Android"),
        (f"{_ANDROID} Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Firefox/1", "Firefox"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("b" * 90, "b" * 60),
        (" ", "—"),
    ],
)
def test_a_browser_is_called_by_its_name_and_system(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
