// Runs in the isolated world of every document before its own scripts. It says four words on the console, each a
// random word of this page object, and never anything else: wake (look again), edited (a person typed), sent, and
// hidden (a person typed where it may be a password: in any field that is not known to show what is typed, and in any
// at all once the document held a password field, which an eye beside it may have made one that shows).
(function (wake, edited, sent, hidden) {
  const say = console.debug.bind(console);
  let typed = false, covered = false, secretive = false;
  const learn = () => { secretive ||= !!document.querySelector("input[type=password]"); };
  for (const kind of ["pointerdown", "keydown", "focusin", "input"]) addEventListener(kind, learn, true);
  addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    if (!typed) { typed = true; say(edited); }
    const field = event.composedPath()[0];
    const shows = !secretive && field instanceof Element &&
      field.matches("input:not([type=password]), textarea, select");
    if (!shows && !covered) { covered = true; say(hidden); }
  }, true);
  addEventListener("submit", () => { if (typed) { typed = false; say(sent); } }, true);
  if (window !== window.top) return;
  say(sent); // a new document: what was typed into the one before is gone
  const world = (globalThis.stationWorld = { awake: false, filled: [], id: String(Math.random()) });
  const rouse = () => {
    if (!world.awake) { world.awake = true; say(wake); }
  };
  new MutationObserver(rouse).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
  for (const kind of ["readystatechange", "load", "transitionend", "animationend", "focusin"]) {
    document.addEventListener(kind, rouse, true);
  }
  addEventListener("load", rouse);
  addEventListener("pageshow", rouse);
  rouse();
})
