"""Error → what happened, and what to do next. One file an area; each reason has one row."""

from app.errors import FieldProblem, Problem
from app.messages import ca, causes, certificates, forms, lists, numbers, office, program, storage, token, vault
from app.messages.message import Message
from app.words import tr

MESSAGES: dict[str, Message] = {
    **ca.MESSAGES,
    **certificates.MESSAGES,
    **forms.MESSAGES,
    **lists.MESSAGES,
    **numbers.MESSAGES,
    **office.MESSAGES,
    **program.MESSAGES,
    **storage.MESSAGES,
    **token.MESSAGES,
    **vault.MESSAGES,
}


def explain(problem: Problem | FieldProblem) -> Message:
    """The two sentences for a problem, in the language in force; a row `reason:state` goes before the reason's own."""
    message = MESSAGES.get(f"{problem.reason}:{problem.data.get('state')}", MESSAGES[problem.reason])
    data = dict(problem.data)
    if "cause" in data:
        data["cause"] = causes.in_words(data["cause"])
    return Message(tr(message.what, **data), tr(message.todo, **data))
