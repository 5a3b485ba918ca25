from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from content.search.queries import entries, exact_count, found_pages

QUERY_MAX = 100
PER_PAGE = 20


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:QUERY_MAX]
    context = {"query": query}
    if query:
        results = found_pages(query, user=request.user)
        page = Paginator(results, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, **_lists(request, query, page, exact_count(results))}
    return render(request, "content/search.html", context)


def _lists(request: HttpRequest, query: str, page: Page, exact: int) -> dict:
    """The entries of this page, those with the words themselves apart from those that are only near."""
    lines = entries(page.object_list, exact - page.start_index() + 1, query, request)
    found = [line for line in lines if not line.is_near]
    return {"exact_count": exact, "found": found, "near": lines[len(found) :]}
