// Runs in the isolated world of every document of the managed browser: says one word for each of a person's own key
// presses, clicks and touches, and nothing else.
(function (act) {
  const say = console.debug.bind(console);
  const modifiers = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"];
  addEventListener("keydown", (event) => {
    if (event.isTrusted && !event.repeat && !modifiers.includes(event.key)) say(act);
  }, true);
  addEventListener("pointerdown", (event) => { if (event.isTrusted) say(act); }, true);
})
