// The button that prints; without this, the browser's own menu does.

for (const button of document.querySelectorAll("button[data-print]")) {
  button.addEventListener("click", () => print());
  button.hidden = false;
}
