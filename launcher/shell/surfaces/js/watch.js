// Runs in the isolated world of every document before its own scripts. It says six words on the console, each a
// random word of this process, and never anything else: wake (look again), edited (a person typed), sent, posts (a form
// goes out that leaves nothing of what it holds in an address), follows (a person has followed a link), and hidden (a
// person typed where it may be a password: in any field that is not known to show what is typed, and in any at all once
// the document held a password field, which an eye beside it may have made one that shows).
(function (wake, edited, sent, hidden, posts, follows) {
  const say = console.debug.bind(console);
  let typed = false, covered = false, secretive = false;
  const learn = () => { secretive ||= !!document.querySelector("input[type=password]"); };
  for (const kind of ["pointerdown", "keydown", "focusin", "input"]) addEventListener(kind, learn, true);
  // Keys that we type: no keyboard has letters among its figures, and without a place of their own. They go into the
  // field that was aimed at, while it has the keys and hides what it is given, and are lost anywhere else.
  // F24 among them only asks whether keys arrive yet: before a page is painted first they do not.
  let ours = false, aim = { field: null, hides: false, until: 0 };
  const keys = (globalThis.stationKeys = {
    heard: false,
    aim: (field, hides) => { aim = { field, hides, until: performance.now() + 2000 }; },
  });
  const taken = (event) =>
    event.composedPath()[0] === aim.field && performance.now() < aim.until && !aim.field.readOnly &&
    (!aim.hides || aim.field.matches("input[type=password]"));
  for (const kind of ["keydown", "keypress", "keyup"]) {
    addEventListener(kind, (event) => {
      if (!event.isTrusted) return;
      ours = event.location === KeyboardEvent.DOM_KEY_LOCATION_NUMPAD && !event.code;
      if (ours && event.key === "F24") keys.heard = true;
      if (ours && (event.key === "F24" || !taken(event))) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (kind === "keyup") ours = false;
    }, true);
  }
  addEventListener("beforeinput", (event) => {
    if (event.isTrusted && ours && !taken(event)) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  addEventListener("input", (event) => {
    if (!event.isTrusted || ours) return;
    if (!typed) { typed = true; say(edited); }
    const field = event.composedPath()[0];
    const shows = !secretive && field instanceof Element &&
      field.matches("input:not([type=password]), textarea, select");
    if (!shows && !covered) { covered = true; say(hidden); }
  }, true);
  addEventListener("submit", () => { if (typed) { typed = false; say(sent); } }, true);
  // By its prototype: a field named "method" stands before the form's own.
  const method = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "method").get;
  let button = null;
  addEventListener("submit", (event) => { button = event.submitter; }, true);
  addEventListener("formdata", (event) => {
    const own = button?.form === event.target && button.getAttribute("formmethod");
    button = null;
    if ((own ? own.toLowerCase() : method.call(event.target)) === "post") say(posts);
  }, true);
  const isTop = window === window.top;
  addEventListener("click", (event) => {
    const link = event.composedPath().find((one) => one.matches?.("a[href], area[href]"));
    const here = !event.ctrlKey && !event.shiftKey && !event.metaKey && ["", "_self"].includes(link?.target);
    if (isTop && event.isTrusted && !event.defaultPrevented && here) say(follows);
  });
  if (isTop) {
    say(sent); // a new document: what was typed into the one before is gone
    globalThis.stationWorld = { awake: false, filled: [], id: String(Math.random()) };
  }
  const rouse = () => {
    try {
      const world = window.top.stationWorld; // a frame of the page's own origin is looked into from there
      if (world && !world.awake) { world.awake = true; say(wake); }
    } catch {
      // a frame of another origin is not looked into
    }
  };
  const observer = new MutationObserver(rouse);
  const heeded = new WeakSet();
  const heed = (root) => {
    if (heeded.has(root)) return;
    heeded.add(root);
    observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  };
  heed(document);
  if (isTop) globalThis.stationWorld.heed = heed;
  for (const kind of ["readystatechange", "load", "transitionend", "animationend", "focusin"]) {
    document.addEventListener(kind, rouse, true);
  }
  addEventListener("load", rouse);
  addEventListener("pageshow", rouse);
  rouse();
})
