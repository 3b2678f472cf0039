"""Lists, filters, search and counts. Nothing here changes anything."""

from core.queries.cases import (
    case_reports,
    cases,
    get_case,
    get_report,
    list_cases,
    list_events,
    report_ids,
    sites,
)
from core.queries.choices import authors, sections
from core.queries.counts import MOST_COUNTED, Counts, count_by_status, count_open
from core.queries.messages import count_dead, get_delivery, list_deliveries
from core.queries.narrowing import CaseFilter, Sort
from core.queries.news import News, actors_since, latest_event, news
from core.queries.paging import Listing
from core.queries.search import SiteIds, is_common
from core.queries.secrets import Unopened, unopened_secrets
from core.queries.waiting import Backlog, Due, backlog, longest_due

__all__ = [
    "MOST_COUNTED",
    "Backlog",
    "CaseFilter",
    "Counts",
    "Due",
    "Listing",
    "News",
    "SiteIds",
    "Sort",
    "Unopened",
    "actors_since",
    "authors",
    "backlog",
    "case_reports",
    "cases",
    "count_by_status",
    "count_dead",
    "count_open",
    "get_case",
    "get_delivery",
    "get_report",
    "is_common",
    "latest_event",
    "list_cases",
    "list_deliveries",
    "list_events",
    "longest_due",
    "news",
    "report_ids",
    "sections",
    "sites",
    "unopened_secrets",
]
