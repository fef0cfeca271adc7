// What every page does with JavaScript, on top of forms and links that work without it.
// All words stand in the templates; this file shows, hides and focuses.

import { initAll } from "./govuk-frontend.min.js";

const SESSION_WARNING_SECONDS = 5 * 60;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
startAgainAfterSwaps();
watchConnection();
keepScanFieldFocused();
warnBeforeSessionEnds();
warnBeforeLosingInput();
copyOnRequest();
workByKeys();

function show(name, visible) {
  for (const element of document.querySelectorAll(`[data-show="${name}"]`)) element.hidden = !visible;
}

// GOV.UK components inside a partial that htmx has put into the page.
function startAgainAfterSwaps() {
  document.addEventListener("htmx:after:process", (event) => {
    if (event.target !== document.body && event.target instanceof Element) initAll({ scope: event.target });
  });
}

// A request that failed without an answer, or the browser's own word that the network is gone.
function watchConnection() {
  addEventListener("offline", () => show("network-lost", true));
  addEventListener("online", () => show("network-lost", false));
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) show("network-lost", true);
  });
  document.addEventListener("htmx:after:request", () => show("network-lost", false));
  if (!navigator.onLine) show("network-lost", true);
}

// A USB scanner types into whatever has the focus. Only with a mouse: on a phone the keyboard would never go away.
function keepScanFieldFocused() {
  const focusScanField = () => {
    const nothingElse = document.activeElement === document.body || document.activeElement === null;
    if (nothingElse) document.querySelector("[data-keep-focus]")?.focus({ preventScroll: true });
  };
  if (!matchMedia("(pointer: fine)").matches) return;
  focusScanField();
  document.addEventListener("focusout", () => setTimeout(focusScanField));
  document.addEventListener("htmx:after:swap", () => setTimeout(focusScanField));
}

// data-session-seconds: how long the session lasts from now; data-session-url: what a request to prolongs it.
function warnBeforeSessionEnds() {
  const { sessionSeconds, sessionUrl } = document.body.dataset;
  if (!sessionSeconds) return;
  let timers = [];
  const start = () => {
    timers.forEach(clearTimeout);
    show("session-ends", false);
    timers = [
      setTimeout(() => show("session-ends", true), Math.max(0, sessionSeconds - SESSION_WARNING_SECONDS) * 1000),
      setTimeout(() => (show("session-ends", false), show("session-ended", true)), sessionSeconds * 1000),
    ];
  };
  start();
  for (const button of document.querySelectorAll("[data-stay-signed-in]")) {
    button.addEventListener("click", async () => {
      const answer = await fetch(sessionUrl, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok && !answer.redirected) start();
      else show(answer ? "session-ended" : "network-lost", true);
    });
  }
}

// Forms marked data-warn-before-leaving ask before typed data is thrown away.
function warnBeforeLosingInput() {
  const unsaved = new Set();
  const marked = (event) => event.target.closest?.("form[data-warn-before-leaving]");
  document.addEventListener("input", (event) => marked(event) && unsaved.add(marked(event)));
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  addEventListener("beforeunload", (event) => {
    if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
  });
}

// data-copy names a field by its id. The clipboard of plain-http addresses knows only the old command.
function copyOnRequest() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const { copy, copied } = button.dataset;
    button.hidden = false;
    button.addEventListener("click", () => {
      document.getElementById(copy).select();
      if (document.execCommand("copy")) button.textContent = copied;
    });
  }
}

// data-key="j": that key clicks the element. In a form with data-keys, figures choose its radio buttons and Enter sends
// it. Nothing of that while somebody types; whoever is hindered by it turns it off on this machine (data-switch-keys).
function workByKeys() {
  const form = document.querySelector("form[data-keys]");
  if (!form && !document.querySelector("[data-key]")) return;
  let isOff = localStorage.getItem("keys") === "off";
  const showHint = () => (show("keys", !isOff), show("keys-off", isOff));
  showHint();
  for (const button of document.querySelectorAll("[data-switch-keys]")) {
    button.addEventListener("click", () => {
      isOff = !isOff;
      localStorage.setItem("keys", isOff ? "off" : "on");
      showHint();
    });
  }
  const typing = "textarea, select, input:not([type=radio], [type=checkbox])";
  document.addEventListener("keydown", (event) => {
    if (isOff || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(typing)) return;
    // The key's place: Vietnamese typing tools change the letter that it gives.
    const key = (event.code || event.key).replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
    const radio = /^[1-9]$/.test(key) && form?.querySelectorAll("input[type=radio]")[key - 1];
    const isOnControl = event.target.closest("a, button, input, summary");
    const control = key === "enter" ? !isOnControl && form?.querySelector("[type=submit]") : radio || findByKey(key);
    if (!control) return;
    event.preventDefault();
    control.focus();
    control.click();
  });

  function findByKey(key) {
    return /^[a-z]$/.test(key) ? document.querySelector(`[data-key="${key}"]`) : null;
  }
}
