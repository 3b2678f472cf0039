// The corrections of this article, where the script stands. Nothing where there are none.
(() => {
  const script = document.currentScript;
  if (!script) return;
  const canonical = document.querySelector("link[rel=canonical][href]");
  const address = new URL("note.json", script.src);
  address.searchParams.set("url", canonical ? canonical.href : location.href.split("#")[0]);
  const language = script.dataset.language || document.documentElement.lang.slice(0, 2);
  if (language) address.searchParams.set("lang", language);
  const made = (name, text, within) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (within) within.append(element);
    return element;
  };
  const show = (said) => {
    if (!said.notices.length) return;
    const note = made("aside");
    note.className = "tuzet-corrections";
    note.lang = said.language;
    made("strong", said.title, made("p", "", note));
    for (const notice of said.notices) {
      const line = made("p", "", note);
      made("time", notice.day, line).dateTime = notice.published;
      line.append(` ${notice.text}`);
    }
    script.after(note);
    const data = made("script", JSON.stringify(said.json_ld));
    data.type = "application/ld+json"; // before it enters the page, or it would be run
    document.head.append(data);
  };
  fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then(show, () => {}); // a note that cannot be read is left out: the article comes first
})();
