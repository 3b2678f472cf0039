// ---- What others do meanwhile --------------------------------------------------------------

const NEWS_EVERY = 4000;
const HERE_EVERY = 10_000;
let newCases = 0;

/** Rows that others have changed are put where they stood; new cases wait behind a line. */
async function askNews(fresh) {
  if (page.hidden) return;
  const address = new URL(fresh.dataset.news, location.href);
  address.searchParams.set("since", fresh.dataset.latest);
  address.searchParams.set("at", fresh.dataset.at);
  address.searchParams.set("shown", rows().map(idOf).join());
  address.searchParams.set("waiting", newCases);
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return stopped(fresh);
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = one("#news", part);
  put(part);
  Object.assign(fresh.dataset, { latest: news.dataset.latest, at: news.dataset.at, stopped: news.dataset.stopped });
  newCases += Number(news.dataset.new);
  one(".stopped", fresh)?.remove();
  peekAgain();
  for (const count of all("[data-tally]", part))
    for (const place of all(`[data-tally="${count.dataset.tally}"]`)) place.textContent = count.textContent;
  const said = news.textContent;
  if (said && one("a", fresh)?.textContent !== said) {
    const link = Object.assign(page.createElement("a"), { href: location.href.split("#")[0], textContent: said });
    link.setAttribute("aria-keyshortcuts", ".");
    fresh.replaceChildren(link);
  }
  for (const row of rows()) showLookers(row, one(`[data-looking="${idOf(row)}"]`, part));
}

function showLookers(row, said) {
  const line = one(".lookers", row);
  if (!said) return line?.remove();
  const next = Object.assign(page.createElement("p"), { className: "lookers", textContent: said.textContent });
  if (line) line.replaceWith(next);
  else row.append(next);
}

/** The words and the time are the server's, of its last answer. */
function stopped(fresh) {
  if (one(".stopped", fresh)) return;
  const said = fresh.dataset.stopped;
  fresh.append(Object.assign(page.createElement("span"), { className: "stopped", textContent: said }));
}

/** Tell that this case is being looked at, and show who else does. */
async function sayHere(form) {
  if (page.hidden) return;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = one("#lookers", part).textContent;
  if (one("p", form).textContent === said) return; // ears need not hear it again
  one("p", form).textContent = one("p", form).title = said;
}

/** Tell that the case is not as this page shows it; what is shown stays until somebody wants the new. */
async function askCase(place) {
  if (page.hidden) return;
  const address = new URL(place.dataset.news, location.href);
  address.searchParams.set("since", place.dataset.latest);
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = one("#news", part).textContent;
  if (!said || one("p", place).textContent === said) return;
  one("p", place).textContent = said;
  place.hidden = false;
  tell(said);
}
