// Keyboard shortcuts. Keys are told by their place, as a Persian layout has other letters on them.

const OFF = "aggregator.keys-off";
const dialog = document.getElementById("keys");
const button = document.getElementById("keys-button");
const choice = document.getElementById("keys-on");

const remembered = (name) => {
  try { return localStorage.getItem(name); } catch { return null; }
};
const remember = (name, value) => {
  try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ }
};

const links = () => [...document.querySelectorAll(".results h3 > a")];

function move(step) {
  const all = links();
  const here = all.findIndex((link) => link.closest("article").contains(document.activeElement));
  const next = all[here === -1 ? (step > 0 ? 0 : all.length - 1) : here + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

const here = () => document.activeElement.closest?.(".results article");

const actions = {
  help() {
    dialog.showModal();
    return true;
  },
  Slash() {
    const box = document.getElementById("q");
    box?.focus();
    box?.select();
    return Boolean(box);
  },
  KeyJ: () => move(1),
  KeyK: () => move(-1),
  KeyO() {
    const link = here()?.querySelector("h3 > a");
    link?.click();
    return Boolean(link);
  },
  KeyX() {
    const box = here()?.querySelector("input[name=id]");
    box?.click();
    return Boolean(box);
  },
};

/** The action of a key: by its sign where layouts agree on it, else by its place. */
function actionOf(event) {
  if (event.key === "?" || event.key === "؟") return actions.help;
  if (event.key === "/") return actions.Slash;
  return event.shiftKey ? undefined : actions[event.code];
}

const typing = (element) => element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (!choice.checked || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (actionOf(event)?.()) event.preventDefault();
});

choice.checked = remembered(OFF) !== "yes";
choice.addEventListener("change", () => remember(OFF, choice.checked ? "no" : "yes"));
button.addEventListener("click", () => dialog.showModal());
button.hidden = false;
