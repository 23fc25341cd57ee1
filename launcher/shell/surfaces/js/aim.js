// Gives the keys to the field and has what stands in it marked, so that the first key replaces it. Returns one word.
// From now on, for a moment, our keys are taken by this field and by nothing else in the page.
(function (selector, origins, hides) {
  const { fields, why } = station.fields(selector, origins, hides);
  if (why) return why;
  const field = fields[0];
  if (station.isBox(field) || field.localName === "select") return "kind"; // nothing is typed there
  if (station.takesNothing(field)) return "disabled";
  if (station.hasStrangers(document)) return "beside"; // it might take the keys
  const keys = field.ownerDocument.defaultView.stationKeys;
  if (!keys) return "missing"; // a document that we were not in from its beginning
  field.focus({ preventScroll: true });
  field.select();
  if (!station.alive(field)) return "replaced";
  if (!station.isAtHome(origins)) return "origin";
  if (station.focused() !== field) return "unfocused";
  if (!keys.heard) return "deaf";
  keys.aim(field, hides);
  return "aimed";
})
