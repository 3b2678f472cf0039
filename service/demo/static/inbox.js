// Looks for new mails once a second while the page can be seen, and puts the new list in place.
(() => {
  const list = document.getElementById("mails");
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("mails");
    if (fresh && fresh.dataset.newest !== list.dataset.newest) {
      list.dataset.newest = fresh.dataset.newest;
      list.replaceChildren(...fresh.children);
    }
  };
  setInterval(() => look().catch(() => undefined), 1000);
})();
