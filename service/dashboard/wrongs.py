"""What is wrong with what a person typed on a case or in the queue, and how to mend it.

These are the mistakes that anybody makes; what no form of ours sends stays a fault of its sender.
"""

from core.corrections import READ_MEANWHILE
from core.errors import Invalid
from core.i18n import Translator, marked
from service.dashboard.changes import BEYOND

_SAID = {
    "until": marked("wrong", "Choose a day after today; the case comes back on its morning."),
    "evening": marked("wrong", "It is past 18:00 already: choose another time."),
    "beyond": marked("wrong", "Choose a day before the year 2100."),
    "more_readers": marked("wrong", "Write how many readers, a number from 1 to 1,000."),
    "into": marked("wrong", "Write the number of another case of the same site, like 17."),
    "reports": marked("wrong", "Tick some of the reports, not all."),
    "suggestion": marked("wrong", "A correction has at most 1,000 characters."),
    "text": marked("wrong", "A note has 1 to 2,000 characters."),
    "after": marked("wrong", "Write what is right; it cannot be what the article said before."),
    "read": marked("wrong", "The page has been read meanwhile: this is what it says."),
    "name": marked("wrong", "Give the view a name of 1 to 60 characters."),
    "views": marked("wrong", "You keep 30 views already: forget one of them first."),
}
_OTHERS = {"must be a time to come": "evening", BEYOND: "beyond", READ_MEANWHILE: "read"}


def said_wrong(t: Translator, wrong: Invalid) -> dict[str, str]:
    """Fields with what is wrong at them, for the person who typed it.

    Raises the error again where no form of ours can have sent it.
    """
    said = {}
    for error in wrong.errors:
        if error.field not in _SAID:
            raise wrong
        words = _OTHERS.get(error.message, error.field)
        said[error.field] = t.pgettext(*_SAID[words])
    return said
