"""Is it fixed on the live page? A case ends when its page shows it, not when someone says so."""

from core.verification.agenda import has_turn, is_somebody_reading
from core.verification.asking import ask_due
from core.verification.hearing import Heard, Saved, hear_save, hook_secret
from core.verification.judging import Judgement, Seen, Words, judge_reading
from core.verification.lists import verifications_of
from core.verification.rounds import Checked, check_due

__all__ = [
    "Checked",
    "Heard",
    "Judgement",
    "Saved",
    "Seen",
    "Words",
    "ask_due",
    "check_due",
    "has_turn",
    "hear_save",
    "hook_secret",
    "is_somebody_reading",
    "judge_reading",
    "verifications_of",
]
