// Writes the value into the field and reads it back, in one turn with the check of the origin. Returns one word.
(function (selector, value, origins, hides, notes) {
  const { fields, why } = station.fields(selector, origins, hides);
  if (why) return why;
  let field = fields[0];
  let wanted = value;
  const named = (one, text) => one.value === value || text?.trim() === value;
  if (station.isBox(field)) {
    const box = fields.find((one) => station.isBox(one) && named(one, one.labels?.[0]?.innerText));
    wanted = value !== "off";
    if (field.type === "radio" || !["on", "off"].includes(value)) {
      if (box) [field, wanted] = [box, true];
      else if (value !== "on") return "option"; // a radio button goes off where another goes on
    }
  }
  if (station.takesNothing(field)) return "disabled";
  if (field.localName === "select") {
    const option = [...field.options].find((one) => !one.disabled && named(one, one.text));
    if (!option) return "option";
    wanted = option.value;
  }
  field.focus({ preventScroll: true });
  if (station.isBox(field)) {
    if (field.checked !== wanted) field.click();
  } else {
    // The isolated world has its own prototypes, so this is the native setter whatever the page has put over it.
    if (field.value !== wanted) field.value = wanted;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType: "insertReplacementText" }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (!station.alive(field)) return "replaced";
  if (!station.isAtHome(origins)) return "origin";
  return station.lost({ field, wanted }) || station.note({ field, wanted }, notes);
})
