"""Colours as they stand on a page: how well one is read on another (WCAG 2.2)."""

import re

WHITE, BLACK = "#ffffff", "#000000"
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")


def read_colour(text: str) -> str:
    """A colour as `#8c1d18`, from three or six hexadecimal digits. Raises ValueError."""
    found = _HEX.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("must be a colour like #8c1d18")
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
