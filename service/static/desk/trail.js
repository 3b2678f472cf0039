// ---- Where one came from -------------------------------------------------------------------

const MEMORY = "tuzet.queue";

function remember() {
  const place = { address: location.pathname + location.search, ids: rows().map(idOf) };
  sessionStorage.setItem(MEMORY, JSON.stringify(place));
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY)) ?? { ids: [] };
  } catch {
    return { ids: [] };
  }
}

function linkNeighbours(id) {
  const { address, ids } = remembered();
  if (address) for (const link of all("[data-back]")) link.href = `${address}#case-${id}`;
  for (const link of all("[data-step]")) {
    const neighbour = ids[ids.indexOf(id) + Number(link.dataset.step)];
    if (ids.includes(id) && neighbour) link.href = `/cases/${neighbour}`;
    else link.hidden = true;
  }
  for (const hint of all("[data-steps]")) hint.hidden = all("[data-step]").every((link) => link.hidden);
}
