// What the scripts that look, fill and press have in common. A selector may have several parts, parted by ">>>": each
// part after the first is looked for in the open shadow tree of what the part before found, or in the document of its
// frame. A frame of another origin is never entered, whatever its page says of itself.
(function () {
  const documentOf = (frame) => {
    try {
      return frame.contentWindow.origin === location.origin ? frame.contentDocument : null;
    } catch {
      return null; // another origin's
    }
  };
  const frames = ["iframe", "frame", "object", "embed"];
  // Says whether there is a frame anywhere in the page whose document is not the page's own.
  const hasStrangers = (root) =>
    [...root.querySelectorAll("*")].some((element) => {
      if (element.shadowRoot && hasStrangers(element.shadowRoot)) return true;
      if (!frames.includes(element.localName) || !element.contentWindow) return false;
      const within = documentOf(element);
      return !within || hasStrangers(within);
    });
  // Returns what was found, or why nothing was: missing, hidden, or "frame" with the address of one in the way.
  const find = (selector, seen) => {
    let roots = [document], strange = "", hidden = false;
    const parts = selector.split(">>>");
    const last = parts.pop();
    for (const part of parts) {
      const inner = [];
      for (const element of roots.flatMap((root) => [...root.querySelectorAll(part)])) {
        if (element.shadowRoot) {
          globalThis.stationWorld?.heed?.(element.shadowRoot);
          inner.push(element.shadowRoot);
        } else if (frames.includes(element.localName)) {
          const within = documentOf(element);
          if (!within) strange ||= `frame ${element.src ?? element.data ?? ""}`;
          else if (seen(element)) inner.push(within);
          else hidden = true;
        }
      }
      roots = inner;
    }
    const found = roots.flatMap((root) => [...root.querySelectorAll(last)]);
    return { found, why: found.length ? "" : strange || (hidden ? "hidden" : "missing") };
  };
  const isBox = (element) => element.localName === "input" && ["radio", "checkbox"].includes(element.type);
  const isAtHome = (origins) =>
    window === window.top && self.origin === location.origin && origins.includes(location.origin);
  // Returns the fields that may be given a value now, the best first, or why there are none; in one turn with the check
  // of the origin.
  const fields = (selector, origins, hides) => {
    const world = (globalThis.stationWorld ??= { awake: true, filled: [] });
    world.awake = false;
    if (!isAtHome(origins)) return { why: "origin" };
    if (document.readyState === "loading" && !document.body) return { why: "missing" };
    const shows = (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      [...element.getClientRects()].some((box) => box.width > 1 && box.height > 1);
    // A box to tick is often drawn by its label.
    const seen = (element) => shows(element) || (isBox(element) && [...(element.labels ?? [])].some(shows));
    let all;
    try {
      all = find(selector, seen);
    } catch {
      return { why: "selector" };
    }
    if (all.why) return { why: all.why };
    const found = all.found.filter(seen);
    if (!found.length) return { why: "hidden" };
    const { localName: kind, type } = found[0];
    const plain = ["text", "email", "tel", "search", "url", "number", "password", "radio", "checkbox"];
    if (!["input", "textarea", "select"].includes(kind) || (kind === "input" && !plain.includes(type))) {
      return { why: "kind" };
    }
    if (hides && !(kind === "input" && type === "password")) return { why: "shown" };
    return { fields: found, why: "" };
  };
  const takesNothing = (field) => field.matches(":disabled") || field.readOnly;
  const alive = (element) => element.isConnected && !!element.ownerDocument.defaultView;
  // Says whether what was filled stands there still: "", or what has become of it.
  const lost = ({ field, wanted }) =>
    !alive(field) ? "replaced" : (isBox(field) ? field.checked : field.value) !== wanted ? "refused" : "";
  // Notes a field whose value stands there, for the press that is to send it; without one all before it is sent, too.
  const note = (entry, notes) => {
    const world = globalThis.stationWorld;
    world.filled = notes ? [...world.filled.filter((one) => one.field !== entry.field), entry] : [];
    return "filled";
  };
  const focused = () => {
    let element = document.activeElement ?? document.body;
    for (;;) {
      const inner = element?.shadowRoot?.activeElement ?? (element && documentOf(element)?.activeElement);
      if (!inner) return element;
      element = inner;
    }
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const rests = (one) =>
    !alive(one) || !shown(one) || takesNothing(one) || one.getAttribute("aria-disabled") === "true";
  // Watches a form that was sent: whether it rests meanwhile, and whether it was empty from the first.
  const watched = (secrets, controls) => {
    const parts = [...secrets, ...controls];
    const form = { secrets, parts, rested: parts.some(rests), held: false };
    const observer = new MutationObserver(() => {
      form.rested ||= parts.some(rests);
      if (form.rested) observer.disconnect();
    });
    for (const root of new Set(parts.map((one) => one.getRootNode()))) {
      observer.observe(root, { subtree: true, childList: true, attributes: true });
    }
    // What empties itself as it is sent does so in this turn.
    setTimeout(() => { form.held = secrets.some((one) => one.value); });
    return form;
  };
  // Says whether a form that was sent asks again in the same document: "emptied" where its password has gone from it;
  // "stands" where all stands there as it was sent, which is also how a page may look that only loads what comes next.
  const asksAgain = (form) => {
    form.rested ||= form.parts.some(rests);
    if (form.parts.some((one) => alive(one) && rests(one))) return "";
    const there = form.secrets.some(alive) ? form.secrets.filter(alive) :
      [...document.querySelectorAll("input[type=password]")].filter((one) => !rests(one));
    if (!there.length || !(form.rested || form.held)) return "";
    if (there.every((one) => !one.value)) return "emptied";
    return form.rested ? "stands" : "";
  };
  return { find, watched, asksAgain, hasStrangers, fields, takesNothing, isAtHome, alive, isBox, lost, note, focused };
})()
