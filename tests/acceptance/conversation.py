"""One conversation of more than thirty turns, as lines that a person types or buttons they press.

It meets everything: greeting, consent, mood, journal, both questionnaires, a crisis in the middle
of PHQ-9 by words and one by its ninth item, pausing, going back, and just talking. Names and
numbers are invented.
"""

from __future__ import annotations

PHONE = "415-555-0134"
CRISIS = "I am going to kill myself tonight, I have the pills here"

ONBOARDING = ("hello", "Yes", "Yes", "US")
MOODS = ("/mood 7 slept well", "/mood", "4")
JOURNAL = (
    "/journal",
    "Today I walked by the aqueduct",
    f"call me on {PHONE} if you find this",
    "Done",
)
PHQ9_BEGUN = ("/phq9", "Several days", "More than half the days", "Back", "Nearly every day")
CRISIS_BY_WORDS = (CRISIS, "Thoughts, but not now")
PHQ9_GOES_ON = (
    "/resume",
    "well, that is hard to say",
    "Several days",
    "Not at all",
    "Not at all",
    "Several days",
    "/pause",
    "/resume",
    "Not at all",
    "Not at all",
)
PHQ9_ITEM_NINE = ("Several days",)
CRISIS_BY_ITEM = ("No",)
PHQ9_ENDS = ("/resume", "Somewhat difficult")
GAD7 = ("/gad7", *["Several days"] * 7)
AFTERWARDS = ("/history", "thank you, I feel a bit lighter now", "/help", "/nonsense", "")

LINES = (
    *ONBOARDING,
    *MOODS,
    *JOURNAL,
    *PHQ9_BEGUN,
    *CRISIS_BY_WORDS,
    *PHQ9_GOES_ON,
    *PHQ9_ITEM_NINE,
    *CRISIS_BY_ITEM,
    *PHQ9_ENDS,
    *GAD7,
    *AFTERWARDS,
)
