"""What customers answered.

A SurveyWave ("Befragung") asks one question on one scale. An Invitation says whom a wave asks, by which way, or why not. A
Response is one answer with a whole rating and the customer's segments as they were when he answered, so that a later change of
class or industry rewrites no past figure; a ResponseChange keeps what it said before its giver changed it. A Case is an answer
that somebody has to follow up. A WaveTally counts answers by a segment's value and rating: pages read it and never the answers.
A ResponseImport is a list of answers that was taken over.
"""

from nps.models.answers import Channel, Response, ResponseChange
from nps.models.cases import Case, CaseTransition
from nps.models.figures import ResponseImport, WaveTally
from nps.models.invitations import GuessCount, Invitation
from nps.models.waves import LONG, SHORT, SurveyWave, WaveTransition

__all__ = [
    "LONG",
    "SHORT",
    "Case",
    "CaseTransition",
    "Channel",
    "GuessCount",
    "Invitation",
    "Response",
    "ResponseChange",
    "ResponseImport",
    "SurveyWave",
    "WaveTally",
    "WaveTransition",
]
