// A Jalali calendar for the boxes of days. The browser knows the calendar itself; the words are in the page.

const DAY = 86_400_000;
const dialog = document.getElementById("calendar");
const title = document.getElementById("calendar-month");
const grid = dialog.querySelector("tbody");
const months = dialog.dataset.months.split("|");
const language = document.documentElement.lang;
const digits = new Intl.NumberFormat(language, { useGrouping: false, minimumIntegerDigits: 1 });
const twoDigits = new Intl.NumberFormat(language, { useGrouping: false, minimumIntegerDigits: 2 });
const persian = new Intl.DateTimeFormat("en-u-ca-persian", {
  year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC",
});

// --- the calendar: days are counted from 1 January 1970 ------------------------------------------------------

function jalali(day) {
  const parts = Object.fromEntries(persian.formatToParts(day * DAY).map((part) => [part.type, part.value]));
  return { year: Number.parseInt(parts.year, 10), month: Number(parts.month), day: Number(parts.day) };
}

/** The day of a Jalali date; the last of the month where it has no such day. */
function dayOf(year, month, day) {
  const past = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  let first = Math.round(Date.UTC(year + 621, 2, 20) / DAY) + past;
  while (jalali(first).month !== month || jalali(first).day > 15) first += 1;
  while (jalali(first).day > 1) first -= 1;
  let last = first + 28;
  while (jalali(last + 1).month === month) last += 1;
  return Math.min(first + day - 1, last);
}

const today = () => {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Tehran" }).format(new Date());
  return Math.round(Date.parse(parts) / DAY);
};

const weekday = (day) => (((day + 5) % 7) + 7) % 7; // 0: Saturday

const latin = (text) => text.replace(/[۰-۹٠-٩]/g, (digit) => "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩".indexOf(digit) % 10);

function read(text) {
  const found = /^\s*(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?\s*$/.exec(latin(text));
  if (!found) return null;
  const [year, month, day] = [found[1], found[2] ?? 1, found[3] ?? 1].map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return year < 1700 ? dayOf(year, month, day) : Math.round(Date.UTC(year, month - 1, day) / DAY);
}

function written(day) {
  const date = jalali(day);
  return `${digits.format(date.year)}/${twoDigits.format(date.month)}/${twoDigits.format(date.day)}`;
}

// --- the grid -----------------------------------------------------------------------------------------------

let box = null; // whose day is chosen
let chosen = 0;
let now = 0;

function draw() {
  const { year, month } = jalali(chosen);
  const first = dayOf(year, month, 1);
  const last = dayOf(year, month, 31);
  title.textContent = `${months[month - 1]} ${digits.format(year)}`;
  const rows = [];
  for (let week = first - weekday(first); week <= last; week += 7) {
    const row = document.createElement("tr");
    for (let day = week; day < week + 7; day += 1) row.append(cell(day, day >= first && day <= last));
    rows.push(row);
  }
  grid.replaceChildren(...rows);
}

function cell(day, inside) {
  const made = document.createElement("td");
  if (!inside) return made;
  const date = jalali(day);
  made.textContent = digits.format(date.day);
  made.setAttribute("role", "gridcell");
  made.setAttribute("aria-label", `${digits.format(date.day)} ${months[date.month - 1]} ${digits.format(date.year)}`);
  made.setAttribute("aria-selected", String(day === chosen));
  if (day === now) made.setAttribute("aria-current", "date");
  made.tabIndex = day === chosen ? 0 : -1;
  made.dataset.day = day;
  return made;
}

function go(day) {
  chosen = Math.max(dayOf(1, 1, 1), Math.min(day, dayOf(1699, 12, 29)));
  draw();
}

function byMonths(number) {
  const date = jalali(chosen);
  const at = date.year * 12 + date.month - 1 + number;
  go(dayOf(Math.floor(at / 12), (at % 12) + 1, date.day));
}

function take(day) {
  box.value = written(day);
  dialog.close();
}

const forward = getComputedStyle(document.documentElement).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
const steps = {
  ArrowUp: () => go(chosen - 7),
  ArrowDown: () => go(chosen + 7),
  ArrowLeft: () => go(chosen + (forward === "ArrowLeft" ? 1 : -1)),
  ArrowRight: () => go(chosen + (forward === "ArrowRight" ? 1 : -1)),
  Home: () => go(chosen - weekday(chosen)),
  End: () => go(chosen + 6 - weekday(chosen)),
  PageUp: (event) => byMonths(event.shiftKey ? -12 : -1),
  PageDown: (event) => byMonths(event.shiftKey ? 12 : 1),
  Enter: () => take(chosen),
  " ": () => take(chosen),
};

grid.addEventListener("keydown", (event) => {
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  step(event);
  grid.querySelector("[tabindex='0']")?.focus();
});
grid.addEventListener("click", (event) => {
  const day = event.target.closest("[data-day]")?.dataset.day;
  if (day) take(Number(day));
});
for (const button of dialog.querySelectorAll("[data-move]")) {
  button.addEventListener("click", () => byMonths(Number(button.dataset.move)));
}

for (const button of document.querySelectorAll("button[data-calendar]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    box = document.getElementById(button.dataset.calendar);
    now = today();
    go(read(box.value) ?? now);
    dialog.showModal();
    grid.querySelector("[tabindex='0']").focus();
  });
}
dialog.addEventListener("close", () => box?.focus());
