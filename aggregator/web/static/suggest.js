// Suggestions under the boxes of queries: organisations and provinces of the server, and under the query box
// of the search page the reader's own recent queries, which never leave the browser. Each is a combobox as ARIA
// has it; its words are in the data of the box.

const RECENT = "aggregator.recent";
const MOST_RECENT = 8;
const PAUSE = 120; // milliseconds without a key before the server is asked

const number = (value) => value.toLocaleString(document.documentElement.lang);

// --- recent queries ----------------------------------------------------------------------------------------

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

function keep(queries) {
  try { localStorage.setItem(RECENT, JSON.stringify(queries.slice(0, MOST_RECENT))); } catch { /* not kept */ }
}

const asked = new URLSearchParams(location.search).get("q")?.trim();
if (asked) keep([asked, ...recent().filter((one) => one !== asked)]);

// --- a box -------------------------------------------------------------------------------------------------

const make = (name, attributes, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

function complete(box) {
  const words = box.dataset;
  const id = `${box.id}-suggestions`;
  const list = make("ul", { role: "listbox", id, "aria-label": words.title });
  const clear = make("button", { type: "button", class: "plain" }, words.clear);
  const popup = make("div", { class: "suggestions", hidden: "" }, list, clear);
  const told = make("p", { class: "unseen", role: "status" });
  const place = make("div", { class: "suggested" });
  box.before(place);
  place.append(box, popup, told);
  for (const [key, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false",
  })) box.setAttribute(key, value);

  let shown = [];
  let active = -1;
  let waiting = new AbortController();
  let timer = 0;

  function show(items) {
    shown = items;
    activate(-1);
    list.replaceChildren(...items.map((item, at) => {
      const option = make("li", { role: "option", id: `${id}-${at}`, "aria-selected": "false" },
        make("span", { class: "kind" }, words[item.kind]), " ", make("bdi", {}, item.label));
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(at); });
      return option;
    }));
    clear.hidden = !items.some((item) => item.kind === "recent");
    popup.hidden = items.length === 0;
    box.setAttribute("aria-expanded", String(items.length > 0));
    told.textContent = items.length ? words.said.replace("0", number(items.length)) : "";
  }

  function activate(at) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = at;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function choose(at) {
    const item = shown[at];
    box.value = item.query;
    show([]);
    box.focus();
    if (item.kind === "recent") box.form.requestSubmit();
  }

  const close = () => { waiting.abort(); clearTimeout(timer); show([]); };

  const recentLike = (typed) => (words.recent ? recent() : [])
    .filter((query) => query.startsWith(typed) && query !== typed)
    .map((query) => ({ kind: "recent", label: query, query }));

  async function suggest() {
    waiting.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    const typed = box.value;
    const mine = recentLike(typed.trimStart());
    if (!typed.trim()) { show(mine); return; }
    try {
      const answer = await fetch(`${words.suggest}?${new URLSearchParams({ q: typed })}`, { signal });
      const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
      if (!signal.aborted) show([...mine.slice(0, 3), ...suggestions]);
    } catch {
      if (!signal.aborted) show(mine); // the server is away: the page works on without
    }
  }

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, PAUSE); });
  box.addEventListener("click", () => { if (!box.value && popup.hidden) suggest(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = shown.length - 1;
    if (event.key === "ArrowDown" && popup.hidden) suggest();
    else if (event.key === "ArrowDown") activate(active === last ? -1 : active + 1);
    else if (event.key === "ArrowUp" && !popup.hidden) activate(active === -1 ? last : active - 1);
    else if (event.key === "Enter" && active !== -1) choose(active);
    else if (event.key === "Escape" && !popup.hidden) close();
    else return;
    event.preventDefault();
  });
  place.addEventListener("focusout", (event) => { if (!place.contains(event.relatedTarget)) close(); });
  clear.addEventListener("click", () => { keep([]); close(); box.focus(); });
}

for (const box of document.querySelectorAll("input[data-suggest]")) complete(box);
