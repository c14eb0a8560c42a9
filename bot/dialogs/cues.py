"""What a message seems to be about, from simple cues in English and Spanish.

This chooses a wording and nothing else: risk is the screener's affair. Words are compared without
case, accents and punctuation (see `question.plain`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Final

from bot.dialogs.question import plain

LONGEST: Final = 600
"""Cues are looked for in the first and the last so many characters of a long message."""


class Cue(enum.StrEnum):
    """Ordered: of two that fit, the earlier wins."""

    HUMAN = "human"
    DIAGNOSIS = "diagnosis"
    MEDICINE = "medicine"
    ABILITIES = "abilities"
    PANIC = "panic"
    GRIEF = "grief"
    LONELY = "lonely"
    SLEEP = "sleep"
    ANGRY = "angry"
    SAD = "sad"
    WORRIED = "worried"
    TIRED = "tired"
    WORK = "work"
    PEOPLE = "people"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    GREETING = "greeting"
    GOOD = "good"
    UNSURE = "unsure"
    BRIEF = "brief"
    OTHER = "other"


SHORT_ONLY: Final = frozenset({Cue.GOOD, Cue.THANKS, Cue.GOODBYE, Cue.GREETING, Cue.UNSURE})
SHORT: Final = 6
"""A greeting or a thank you sets the tone only of a message of so many words."""

_WORDS: Final[Mapping[Cue, tuple[str, ...]]] = {
    Cue.HUMAN: (
        r"are you (?:a |an )?(?:human|person|real|robot|bot|ai|machine|program)",
        r"am i talking to (?:a |an )?(?:human|person|bot|robot|machine|ai)",
        r"who are you|what are you",
        r"eres (?:un |una )?(?:humano|humana|persona|real|robot|bot|ia|maquina|programa)",
        r"hablo con (?:un |una )?(?:humano|persona|bot|robot|maquina)",
        r"quien eres|que eres",
    ),
    Cue.DIAGNOSIS: (
        r"(?:do|might|could) i have (?:depression|anxiety|adhd|bipolar|ptsd|ocd|bpd|autism)",
        r"am i (?:depressed|bipolar|autistic|crazy)|diagnose me|whats wrong with me",
        r"tengo (?:yo )?(?:una )?(?:depresion|ansiedad|tdah|bipolaridad|tept|toc)",
        r"estoy (?:loco|loca)|soy bipolar|diagnosticame|que me pasa",
    ),
    Cue.MEDICINE: (
        r"medications?|medicines?|meds|pills|antidepressants?|ssris?|prozac|sertraline|zoloft",
        r"xanax|lithium|my dose|dosage",
        r"medicacion|medicamentos?|medicinas?|pastillas|antidepresivos?|sertralina|dosis",
    ),
    Cue.ABILITIES: (
        r"what can you do|how (?:can|do) you help|how does this work|what is this",
        r"que puedes hacer|como (?:puedes|me puedes) ayudar|como funciona|que es esto",
    ),
    Cue.PANIC: (
        r"panic(?:king|ked|s)?|panic attack|cant breathe|heart is racing|hyperventilating",
        r"panico|ataque de ansiedad|no puedo respirar|me falta el aire|palpitaciones",
    ),
    Cue.GRIEF: (
        r"(?:died|passed away|funeral|grief|grieving|lost my (?:mum|mom|dad|mother|father|brother|"
        r"sister|wife|husband|friend|son|daughter|baby|dog|cat|gran\w*))",
        r"fallecio|murio|ha muerto|funeral|entierro|duelo|luto|perdi a mi",
    ),
    Cue.LONELY: (
        r"lonely|loneliness|alone|no friends|nobody (?:cares|to talk)|no one (?:cares|to talk)",
        r"isolated|left out",
        r"sol[oa]s?|soledad|no tengo amig\w*|nadie me|aislad[oa]",
    ),
    Cue.SLEEP: (
        r"sleep(?:ing|less|y)?|slept|insomnia|awake|nightmares?|cant fall asleep",
        r"dormir|duermo|dormi|dormido|dormida|insomnio|desvelad[oa]|pesadillas?|sueno",
    ),
    Cue.ANGRY: (
        r"angry|anger|furious|mad at|rage|annoyed|irritated|pissed|hate (?:him|her|them|it)",
        r"enfadad[oa]|enojad[oa]|rabia|furios[oa]|ira|molest[oa]|cabread[oa]|harto|harta",
    ),
    Cue.SAD: (
        r"sad|sadness|down|low|crying|cry|cried|hopeless|depressed|empty|miserable|numb|hurts?",
        r"heartbroken|unhappy|awful|terrible",
        r"triste|tristeza|llor\w+|deprimid[oa]|vaci[oa]|desanimad[oa]|hundid[oa]|fatal|dolid[oa]",
    ),
    Cue.WORRIED: (
        r"worr(?:y|ied|ies|ying)|anxious|anxiety|nervous|scared|afraid|stress(?:ed|ful|ing)?",
        r"overthinking|overwhelmed|tense|fear",
        r"preocup\w+|ansios[oa]|ansiedad|nervios\w*|miedo|estres\w*|agobi\w+|angusti\w+|asustad[oa]",
    ),
    Cue.TIRED: (
        r"tired|exhausted|drained|burn(?:ed|t)? out|burnout|no energy|worn out",
        r"cansad[oa]|agotad[oa]|quemad[oa]|sin (?:energia|fuerzas)",
    ),
    Cue.WORK: (
        r"work|job|boss|colleagues?|coworkers?|office|fired|deadline|school|exams?|study|studying",
        r"university|college|class|homework|teacher|grades?",
        r"trabajo|jef[ea]|compañer\w+|companer\w+|oficina|despid\w+|escuela|colegio|instituto",
        r"universidad|examen(?:es)?|estudi\w+|clases?|deberes|profesor\w*|notas",
    ),
    Cue.PEOPLE: (
        r"boyfriend|girlfriend|partner|husband|wife|ex|breakup|broke up|mum|mom|mother|dad|father",
        r"parents?|sister|brother|family|friends?|fight|argu(?:ed|ing|ment)|divorce|kids?|children",
        r"novi[oa]|pareja|marido|espos[oa]|madre|padre|padres|herman[oa]s?|familia|amig[oa]s?",
        r"discut\w+|pelea\w*|ruptura|divorcio|hij[oa]s?",
    ),
    Cue.THANKS: (r"thanks|thank you|thx|ty|cheers|appreciate", r"gracias|te lo agradezco"),
    Cue.GOODBYE: (
        r"bye|goodbye|good night|see you|talk later|gtg|got to go",
        r"adios|hasta (?:luego|manana|pronto)|buenas noches|chao|chau|me voy|nos vemos",
    ),
    Cue.GREETING: (
        r"hi|hello|hey|hiya|good (?:morning|afternoon|evening)|yo|sup",
        r"hola|buenas|buenos dias|buenas tardes|que tal",
    ),
    Cue.GOOD: (
        r"happy|good|great|better|well|fine|glad|proud|excited|nice day",
        r"feliz|bien|mejor|content[oa]|alegre|genial|orgullos[oa]|ilusionad[oa]",
    ),
    Cue.UNSURE: (
        r"i dont know|dont know|idk|not sure|dunno|no idea|nothing|whatever",
        r"no se|no lo se|ni idea|nada|da igual|no estoy segur[oa]",
    ),
}

_PATTERNS: Final = {cue: re.compile(rf"\b(?:{'|'.join(words)})\b") for cue, words in _WORDS.items()}
_DENIED: Final = re.compile(r"\b(?:not|no longer|isnt|arent|wasnt|dont feel|no estoy|ya no)\s+$")


def cue_of(text: str) -> Cue:
    """The first cue that fits; `BRIEF` or `OTHER` when none does."""
    words = plain(_ends_of(text))
    count = len(words.split())
    for cue, pattern in _PATTERNS.items():
        if cue in SHORT_ONLY and count > SHORT:
            continue
        if any(not _DENIED.search(words[: found.start()]) for found in pattern.finditer(words)):
            return cue
    return Cue.BRIEF if count <= 2 else Cue.OTHER


def _ends_of(text: str) -> str:
    return text if len(text) <= 2 * LONGEST else f"{text[:LONGEST]} {text[-LONGEST:]}"
