// Says whether the value stands in the field, as typed keys have left it; nothing is changed. Returns one word.
(function (selector, value, origins, hides, notes) {
  const { fields, why } = station.fields(selector, origins, hides);
  if (why) return why;
  const entry = { field: fields[0], wanted: value };
  return station.lost(entry) || station.note(entry, notes);
})
