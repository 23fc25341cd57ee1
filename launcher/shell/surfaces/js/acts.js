// Runs in the isolated world of every document of the managed browser: says one word for each of a person's own key
// presses, clicks and touches, and nothing else.
(function (act) {
  const say = console.debug.bind(console);
  const modifiers = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"];
  addEventListener("keydown", (event) => {
    // Of the figures' keys, and of no place: one that we type (see watch.js).
    if (event.location === KeyboardEvent.DOM_KEY_LOCATION_NUMPAD && !event.code) return;
    if (event.isTrusted && !event.repeat && !modifiers.includes(event.key)) say(act);
  }, true);
  addEventListener("pointerdown", (event) => { if (event.isTrusted) say(act); }, true);
})
