"""The page behind a receipt: what became of a report, and the button that erases it.

The address holds the reader's secret: it reaches no cache, no index, and no other server.
"""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from core import receipts
from core.clock import utcnow
from core.errors import Forbidden, Invalid, NotFound
from core.i18n import Translator, translator
from core.i18n.moments import moment
from core.models import Case, Report
from core.receipts import Step
from core.signals import DELIVER
from core.text.fragment import at_place
from core.text.passage import passage_of
from service.context import service
from service.languages import LANGUAGE_NAMES, language_of_request
from service.readermarks import Difference, difference

blueprint = Blueprint("receipts", __name__)


@blueprint.after_request
def _keep_quiet(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/r/<receipt>")
def show(receipt: str) -> str:
    """What became of a report, in the language of its reader."""
    return _shown(receipt)


@blueprint.post("/r/<receipt>/reply")
def reply(receipt: str) -> Redirect | tuple[str, int]:
    """The reader says that this is not what they meant; what is refused stands in its field."""
    _check_from_here()
    # A browser counts the end of a line as one character, and sends two.
    text = request.form.get("text", "").replace("\r\n", "\n")
    try:
        with service().db.write() as session:
            report = receipts.find(session, receipt)
            receipts.reply(session, report, text, utcnow(), service().settings)
    except Invalid:
        return _shown(receipt, refused=text.replace("\0", "")), 422
    service().bell.ring(DELIVER)
    lang = request.args.get("lang")
    return redirect(url_for("receipts.show", receipt=receipt, lang=lang, said="yes"), 303)


@blueprint.post("/r/<receipt>/erase")
def erase(receipt: str) -> Redirect:
    """Erase what the reader sent, for good."""
    _check_from_here()
    with service().db.write() as session:
        report = receipts.find(session, receipt)
        receipts.erase(session, report, service().settings.mail_folder, utcnow())
    service().db.empty_log()
    lang = request.args.get("lang")
    return redirect(url_for("receipts.show", receipt=receipt, lang=lang), 303)


@blueprint.errorhandler(NotFound)
def _unknown(_error: NotFound) -> tuple[str, int]:
    """No such receipt, said in the language of who asks; nothing is read from the database."""
    t = translator(language_of_request())
    page = render_template(
        "reader/error.html",
        t=t,
        _=t.gettext,
        # The other languages lead to this address again, which only GET can read.
        languages=LANGUAGE_NAMES if request.endpoint == "receipts.show" else [],
        status=404,
        headline=t.gettext("There is no report at this address"),
        sentence=t.gettext("Check that the address is whole, to its last letter."),
    )
    return page, 404


def _check_from_here() -> None:
    """A form on another site may not press our buttons."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("Open the page of your report and press the button there.")


def _shown(receipt: str, refused: str | None = None) -> str:
    with service().db.read() as session:
        return _page(session, receipts.find(session, receipt), refused)


def _page(session: Session, report: Report, refused: str | None) -> str:
    case = receipts.case_of(session, report)
    t = translator(language_of_request(report.language, default=report.site.language))
    way = receipts.steps(session, report, case)
    state = _state(report, case, way[-1])
    headline, sentence = _said(t, state, case)
    privacy_language = t.language if t.language in report.site.privacy else report.site.language
    return render_template(
        "reader/receipt.html",
        t=t,
        privacy=report.site.privacy.get(privacy_language),
        privacy_language=privacy_language,
        _=t.gettext,
        ngettext=t.ngettext,
        # The other languages lead to this address again, which only GET can read.
        languages=LANGUAGE_NAMES if request.endpoint == "receipts.show" else [],
        report=report,
        case=case,
        state=state,
        headline=headline,
        sentence=sentence,
        quote=_quote(t, report),
        seen=_seen(t, case),
        shown_as_proposed=_is_as_proposed(report, case),
        place=_place(report, case),
        may_reply=receipts.may_reply(session, report),
        has_replied=request.args.get("said") == "yes",
        refused=refused,
        most=receipts.LONGEST,
        steps=_told(t, report, case, way),
    )


def _state(report: Report, case: Case | None, newest: Step) -> str:
    """`received`, `erased` (before anybody decided), a status of the case, `regressed`, or
    `still_there`: accepted, because the page shows that it had not been fixed."""
    if report.erased_at is not None and (case is None or case.status == "new"):
        return "erased"
    if case is None:
        return "received"
    if case.status == "accepted" and newest.kind == "still_there":
        return "still_there"
    return "regressed" if case.regressed else case.status


def _said(t: Translator, state: str, case: Case | None) -> tuple[str, str]:
    """A headline and a sentence for what has become of a report."""
    said = {
        "received": (
            t.gettext("Thank you, your report has arrived"),
            t.gettext("It goes to the newsroom in a moment."),
        ),
        "erased": (
            t.gettext("Your report is gone"),
            t.gettext("You erased it before the newsroom read it.")
            if case is None
            else t.gettext("You erased it before an editor had decided."),
        ),
        "new": (
            t.gettext("Thank you, the newsroom has your report"),
            t.gettext("No editor has decided yet."),
        ),
        "accepted": (
            t.gettext("Thank you, an editor agrees with you"),
            t.gettext("The article will be corrected."),
        ),
        "fixed": (
            t.gettext("The newsroom says that it has corrected the error"),
            t.gettext("This has not been confirmed on the page yet. Thank you for your help."),
        ),
        "still_there": (
            t.gettext("The error is still on the page"),
            t.gettext("It is not corrected yet. The newsroom knows."),
        ),
        "verified": (
            t.gettext("Thank you, the error has been corrected"),
            t.gettext("The correction was seen on the page."),
        ),
        "regressed": (
            t.gettext("The error is on the page again"),
            t.gettext("The correction is gone from the page. The newsroom knows."),
        ),
        "dismissed": _left(t, case.resolution if case else None),
    }
    return said[state]


def _left(t: Translator, resolution: str | None) -> tuple[str, str]:
    """The headline follows the reason: not every report that is dismissed leaves the text alone."""
    headlines = {
        "duplicate": t.gettext("Thank you, this error is known already"),
        "page_gone": t.gettext("There is nothing left to correct"),
    }
    stays = t.gettext("The text stays as it is")
    return headlines.get(resolution or "", stays), _reason(t, resolution)


def _reason(t: Translator, resolution: str | None) -> str:
    """Why editors left the text alone, said to the reader."""
    reasons = {
        "not_an_error": t.gettext("An editor has checked it: this is not an error."),
        "wont_fix": t.gettext("An editor has seen it and will not change it."),
        "opinion": t.gettext("An editor thinks that this is a matter of opinion."),
        "spam": t.gettext("An editor found no error in this report."),
        "duplicate": t.gettext("This error is already being dealt with in another report."),
        "page_gone": t.gettext("The page is no longer there."),
    }
    return reasons.get(resolution or "", reasons["wont_fix"])


def _quote(t: Translator, report: Report) -> dict[str, Any] | None:
    """The reader's words in their sentence, and what they proposed for them."""
    if not report.exact:
        return None
    passage = passage_of(report.exact, report.prefix, report.suffix)
    return {"passage": passage, "change": difference(t, report.exact, report.suggestion)}


def _seen(t: Translator, case: Case | None) -> Difference | None:
    """The place before and after, as the page was read; None while no correction was seen."""
    evidence = (case.evidence if case is not None else None) or {}
    before, after = evidence.get("before"), evidence.get("after")
    if case is None or case.seen_verdict != "fixed" or not case.exact or not before or not after:
        return None
    return difference(t, before, after)


def _is_as_proposed(report: Report, case: Case | None) -> bool:
    """Whether the page shows the very words that this reader proposed."""
    evidence = (case.evidence if case is not None else None) or {}
    after = evidence.get("after") or ""
    return bool(evidence.get("as_suggested")) and (report.suggestion or "") in after


def _place(report: Report, case: Case | None) -> str:
    """The page at the words, as they stand there now if that is known."""
    evidence = (case.evidence if case is not None else None) or {}
    if case is not None and case.suggestion and evidence.get("as_suggested"):
        return at_place(report.url, case.suggestion, case.prefix, case.suffix)
    return at_place(report.url, report.exact, report.prefix, report.suffix)


def _told(
    t: Translator, report: Report, case: Case | None, way: list[Step]
) -> list[tuple[str, str, str, str]]:
    """The steps so far: their kind, what happened, when as people say it, and when exactly."""
    leaves_text = case is None or case.resolution not in ("duplicate", "page_gone")
    words = {
        "sent": t.gettext("You sent your report"),
        "accepted": t.gettext("The newsroom accepted it"),
        "fixed": t.gettext("The newsroom says that it has corrected the error"),
        "verified": t.gettext("The page was read, and the correction is there"),
        "dismissed": t.gettext("The newsroom decided to leave the text")
        if leaves_text
        else t.gettext("The newsroom closed the report"),
        "still_there": t.gettext("The page was read, and the error is still there"),
        "regressed": t.gettext("The error came back"),
    }
    zone, now = report.site.timezone, utcnow()
    return [
        (
            step.kind,
            words[step.kind],
            moment(t, step.at, zone, now),
            step.at.isoformat(timespec="seconds"),
        )
        for step in way
    ]
