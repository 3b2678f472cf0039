"""What a site may set about its snippet, and what the snippet is told of it."""

import json

import pytest

from core.errors import Invalid
from core.text.colours import contrast, read_colour
from core.text.selectors import fault_of
from core.widget import Widget, module_of, on_accent, read_key, read_widget


def _told(widget: Widget) -> object:
    return json.loads(module_of(widget).removeprefix("export default "))


def test_a_snippet_as_it_comes_is_told_nothing() -> None:
    assert module_of(Widget()) == "export default {}\n"
    assert Widget().kept() == {}


def test_only_what_differs_is_told() -> None:
    widget = Widget(
        mode="confirm",
        email=True,
        exclude="nav",
        accent="#8c1d18",
        texts={"kk": {"title": "Қате"}},
    )
    assert _told(widget) == {
        "attributes": {"mode": "confirm", "email": "on", "exclude": "nav"},
        "strings": {"kk": {"title": "Қате"}},
        "look": {"--tuzet-accent": "#8c1d18", "--tuzet-on-accent": "#ffffff"},
    }


def test_what_is_kept_comes_back() -> None:
    widget = Widget(touch=False, language="kk-latn", key="alt+x", texts={"ru": {"sent": "Да"}})
    assert Widget.of({**widget.kept(), "from_tomorrow": 1}) == widget


def test_no_text_ends_the_script_that_carries_it() -> None:
    text = "</script>\u2028\u2029<!--"
    module = module_of(Widget(texts={"kk": {"title": text}}))
    assert not set("<\u2028\u2029") & set(module)
    assert _told(Widget(texts={"kk": {"title": text}})) == {"strings": {"kk": {"title": text}}}


def test_values_are_kept_as_the_snippet_takes_them() -> None:
    read = read_widget(
        Widget(
            key=" Shift + Ctrl+E",
            include=" article   p ",
            accent="8C1D18",
            texts={"kk": {"title": " Қате  туралы ", "sent": " "}, "ru": {"title": ""}},
        )
    )
    assert read.key == "ctrl+shift+e"
    assert (read.include, read.accent) == ("article p", "#8c1d18")
    assert read.texts == {"kk": {"title": "Қате туралы"}}


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read_widget(
            Widget(
                mode="loud",
                language="tlh",
                key="e",
                include="article .text[",
                exclude="p,,q",
                accent="#ffd400",
                texts={"kk": {"title": "ә" * 61, "sent": "a\u202eb"}},
            )
        )
    assert {error.field for error in caught.value.errors} == {
        "mode",
        "language",
        "key",
        "include",
        "exclude",
        "accent",
        "texts.kk.title",
        "texts.kk.sent",
    }


@pytest.mark.parametrize("text", ["ctrl+enter", "meta+k", "alt+shift+f4", "ctrl+."])
def test_a_key_is_held_down_with_another(text: str) -> None:
    assert read_key(text) == text


@pytest.mark.parametrize(
    "text", ["", "+", "e", "shift+e", "ctrl+", "ctrl+ctrl+e", "ctrl+ee", "ctrl+ә"]
)
def test_a_key_that_writes_text_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="ctrl"):
        read_key(text)


@pytest.mark.parametrize(
    "text", ["article", ".a > .b:not(.c)", "p:has(> a), [lang|=kk] q", '[title="a,b)"]', r".a\:b"]
)
def test_a_selector_that_browsers_take_is_fine(text: str) -> None:
    assert fault_of(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("article .text[", ("open", "[")),
        ("p:not(.a", ("open", "(")),
        ('[title="a]', ("open", '"')),
        ("p,,q", ("empty", ",")),
        ("p, a::before", ("part", "a::before")),
        ("p, b >", ("part", "b >")),
        ("p { color: red }", ("part", "p { color: red }")),
    ],
)
def test_a_selector_that_is_none_is_told_where(text: str, fault: tuple[str, str]) -> None:
    assert fault_of(text) == fault


def test_contrast_is_counted_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast(read_colour("#8c1d18"), "#ffffff") == pytest.approx(9.1, abs=0.05)


def test_words_on_the_accent_can_be_read() -> None:
    assert on_accent("#8c1d18") == "#ffffff"
    assert on_accent("#808080") == "#000000"
    for accent in ("#8c1d18", "#808080", "#777777", "#0b6472"):
        assert contrast(accent, on_accent(accent)) >= 4.5
