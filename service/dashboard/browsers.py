"""How a browser is called in a list of log-ins: its name and its system, in a few words."""

_LONGEST = 60
# Most browsers name those that they want to be taken for, so the order decides.
_BROWSERS = (
    (("Edg/", "EdgA/", "EdgiOS/", "Edge/"), "Edge"),
    (("YaBrowser/",), "Yandex Browser"),
    (("OPR/", "OPiOS/", "OPT/", "Opera"), "Opera"),
    (("Vivaldi/",), "Vivaldi"),
    (("SamsungBrowser/",), "Samsung Internet"),
    (("UCBrowser/",), "UC Browser"),
    (("FxiOS/", "Firefox/"), "Firefox"),
    (("Chromium/",), "Chromium"),
    (("CriOS/", "Chrome/"), "Chrome"),
    (("Safari/",), "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Like `Firefox, Windows`; of one that is not known the first 60 characters, or a dash."""
    named = (name for signs, name in _BROWSERS if any(sign in user_agent for sign in signs))
    browser = next(named, None)
    if browser is None:
        return user_agent.strip()[:_LONGEST] or "—"
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    return f"{browser}, {system}" if system else browser
