// Dragging over the timeline chooses a span of months. A click on a month is a link, as without this.

const svg = document.querySelector(".timeline svg");
const told = document.getElementById("span");
const bars = [...svg.querySelectorAll("[data-period]")];
const shape = document.createElementNS(svg.namespaceURI, "rect");
shape.setAttribute("class", "span");
shape.setAttribute("height", "100%");

let from = null; // the bar where a drag began
let until = null;

function barAt(event) {
  const distance = (bar) => {
    const { left, right } = bar.getBoundingClientRect();
    return Math.max(left - event.clientX, event.clientX - right, 0);
  };
  return bars.reduce((best, bar) => (distance(bar) < distance(best) ? bar : best));
}

const ends = () => [from, until].sort((one, other) => bars.indexOf(one) - bars.indexOf(other));

function draw() {
  const [first, last] = ends();
  const boxes = [first, last].map((bar) => bar.getBBox());
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  shape.setAttribute("x", left);
  shape.setAttribute("width", right - left);
  svg.append(shape);
  told.textContent = first === last ? first.dataset.name : `${first.dataset.name} – ${last.dataset.name}`;
}

function stop() {
  from = until = null;
  shape.remove();
  told.textContent = "";
}

function go() {
  const [first, last] = ends();
  const address = new URL(location.href);
  address.searchParams.set("since", first.dataset.period);
  address.searchParams.set("until", last.dataset.period);
  address.searchParams.delete("cursor");
  location.assign(address);
}

svg.addEventListener("dragstart", (event) => event.preventDefault());
svg.addEventListener("pointerdown", (event) => { if (event.button === 0) from = barAt(event); });
svg.addEventListener("pointermove", (event) => {
  if (!from) return;
  const bar = barAt(event);
  if (!until && bar === from) return; // not yet a drag
  if (!until) svg.setPointerCapture(event.pointerId);
  until = bar;
  draw();
});
svg.addEventListener("pointerup", () => { if (until) go(); else stop(); });
svg.addEventListener("pointercancel", stop);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && from) stop(); });
// A drag that ends over the bar that it began on has been decided by now: it is no click on its link.
svg.addEventListener("click", (event) => { if (until) event.preventDefault(); }, { capture: true });
