// Presses a control, or a key in the field that was filled last. Returns one word.
(function (selector, key, origins, expected) {
  const world = (globalThis.stationWorld ??= { awake: true, filled: [] });
  world.awake = false;
  if (!station.isAtHome(origins)) return "origin";
  // Fields were filled, and none of them in this document: it has taken the place of the one that held them.
  if (expected && !world.filled.length) return "replaced";
  // A page that was still settling may have emptied or replaced what was filled; sending that would count as a wrong
  // password, so it is looked at again now.
  for (const one of world.filled) {
    const lost = station.lost(one);
    if (lost) return lost;
  }
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  // A form that is sent goes away or takes nothing for a while, or is emptied once it was answered: now.js looks.
  const sent = [];
  const done = () => {
    const secrets = world.filled.map((one) => one.field).filter((one) => one.matches("input[type=password]"));
    world.filled = [];
    world.sent = secrets.length ? station.watched(secrets, sent) : undefined;
    return "pressed";
  };
  if (key) {
    const field = world.filled.at(-1)?.field ?? station.focused();
    const event = (name) => new KeyboardEvent(name, {
      key, code: key, keyCode: key === "Enter" ? 13 : 9, which: key === "Enter" ? 13 : 9,
      bubbles: true, cancelable: true, composed: true,
    });
    const goes = field.dispatchEvent(event("keydown")) && (key !== "Enter" || field.dispatchEvent(event("keypress")));
    if (goes && key === "Enter" && field.form) {
      const button = [...field.form.elements].find((one) => one.matches(
        "button:not([type]), button[type=submit], input[type=submit], input[type=image]"));
      if (button?.matches(":disabled")) return "disabled";
      if (button) { sent.push(button); button.click(); } else field.form.requestSubmit();
    } else if (goes && key === "Tab") {
      const stops = [...field.getRootNode().querySelectorAll("input, select, textarea, button, a[href], [tabindex]")].filter(
        (one) => one.tabIndex >= 0 && !one.matches(":disabled") && seen(one));
      (stops[stops.indexOf(field) + 1] ?? stops[0])?.focus();
      return "pressed"; // what was filled is not sent yet
    }
    field.dispatchEvent(event("keyup"));
    return done();
  }
  let all;
  try {
    all = station.find(selector, seen);
  } catch {
    return "selector";
  }
  if (all.why) return all.why;
  const control = all.found.find(seen);
  if (!control) return "hidden";
  if (control.matches(":disabled") || control.getAttribute("aria-disabled") === "true") return "disabled";
  sent.push(control);
  control.click();
  return done();
})
