// Writes the value into the field and reads it back, in one turn with the check of the origin. Returns one word.
(function (selector, value, origins, hides) {
  const world = (globalThis.stationWorld ??= { awake: true, filled: [] });
  world.awake = false;
  if (window !== window.top || self.origin !== location.origin || !origins.includes(location.origin)) return "origin";
  if (document.readyState === "loading" && !document.body) return "missing";
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    [...element.getClientRects()].some((box) => box.width > 1 && box.height > 1);
  let all;
  try {
    all = [...document.querySelectorAll(selector)];
  } catch {
    return "selector";
  }
  if (!all.length) return "missing";
  const field = all.find(seen);
  if (!field) return "hidden";
  const kind = field.localName;
  const plain = ["text", "email", "tel", "search", "url", "number", "password"];
  if (!["input", "textarea", "select"].includes(kind) || (kind === "input" && !plain.includes(field.type))) {
    return "kind";
  }
  if (hides && !(kind === "input" && field.type === "password")) return "shown";
  if (field.matches(":disabled") || field.readOnly) return "disabled";
  field.focus({ preventScroll: true });
  // The isolated world has its own prototypes, so this is the native setter whatever the page has put over it.
  const before = field.value;
  let wanted = value;
  if (kind === "select") {
    const option = [...field.options].find((one) => one.value === value || one.text.trim() === value);
    if (!option) return "refused";
    wanted = option.value;
  }
  if (before !== wanted) field.value = wanted;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertReplacementText" }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  if (!field.isConnected) return "replaced";
  if (location.origin !== self.origin || !origins.includes(location.origin)) return "origin";
  if (field.value !== wanted) return "refused";
  world.filled = world.filled.filter((one) => one.field !== field);
  world.filled.push({ field, wanted });
  return "filled";
})
