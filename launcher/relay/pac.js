"use strict";
// What a PAC file may call, as browsers have it since Netscape's: the file itself is evaluated after this one.
// Names are looked up outside: one that is not known yet is noted, and the file is asked again once it is.
var stationNames = {};
var stationWanted = null;
var stationAddress = "127.0.0.1";

function alert() {}

function isPlainHostName(host) {
  return String(host).indexOf(".") < 0;
}

function dnsDomainIs(host, domain) {
  return String(host).toLowerCase().endsWith(String(domain).toLowerCase());
}

function localHostOrDomainIs(host, hostdom) {
  host = String(host).toLowerCase();
  hostdom = String(hostdom).toLowerCase();
  return host === hostdom || (isPlainHostName(host) && hostdom.startsWith(host + "."));
}

function dnsDomainLevels(host) {
  return String(host).split(".").length - 1;
}

function stationParts(address) {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(String(address));
  if (parts === null || parts.slice(1).some((one) => Number(one) > 255)) return null;
  return parts.slice(1).map(Number);
}

function dnsResolve(host) {
  host = String(host).toLowerCase();
  if (stationParts(host) !== null) return host;
  if (!Object.hasOwn(stationNames, host)) {
    stationWanted = host;
    throw new Error("a name is looked up first");
  }
  return stationNames[host] || null;
}

function isResolvable(host) {
  return dnsResolve(host) !== null;
}

function convert_addr(address) {
  const parts = stationParts(address);
  return parts === null ? 0 : ((parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3]) >>> 0;
}

function isInNet(host, pattern, mask) {
  const address = dnsResolve(host);
  if (address === null || stationParts(pattern) === null || stationParts(mask) === null) return false;
  const bits = convert_addr(mask);
  return (convert_addr(address) & bits) === (convert_addr(pattern) & bits);
}

function myIpAddress() {
  return stationAddress;
}

function shExpMatch(text, pattern) {
  const escaped = String(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
  return new RegExp("^" + escaped + "$", "s").test(String(text));
}

const stationDays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const stationMonths = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

// The last argument may say that the others are in GMT.
function stationNow(given) {
  const gmt = given.length > 0 && given[given.length - 1] === "GMT";
  const now = new Date();
  return {
    given: gmt ? given.slice(0, -1) : given,
    second: gmt ? now.getUTCSeconds() : now.getSeconds(),
    minute: gmt ? now.getUTCMinutes() : now.getMinutes(),
    hour: gmt ? now.getUTCHours() : now.getHours(),
    day: gmt ? now.getUTCDay() : now.getDay(),
    date: gmt ? now.getUTCDate() : now.getDate(),
    month: gmt ? now.getUTCMonth() : now.getMonth(),
    year: gmt ? now.getUTCFullYear() : now.getFullYear(),
  };
}

// A range whose end lies before its start goes round: from Friday to Monday, from 22 to 6 o'clock.
function stationWithin(from, now, to) {
  return from <= to ? from <= now && now <= to : from <= now || now <= to;
}

function weekdayRange(...all) {
  const now = stationNow(all);
  const days = now.given.map((one) => stationDays.indexOf(String(one).toUpperCase()));
  if (days.length < 1 || days.length > 2 || days.includes(-1)) return false;
  return stationWithin(days[0], now.day, days[days.length - 1]);
}

function timeRange(...all) {
  const now = stationNow(all);
  const given = now.given.map(Number);
  const second = (now.hour * 60 + now.minute) * 60 + now.second;
  const at = (hour, minute, last) => (hour * 60 + minute) * 60 + last;
  switch (given.length) {
    case 1:
      return now.hour === given[0];
    case 2:
      // Until the hour that is named begins, and where both are the same, within it.
      return given[0] === given[1]
        ? now.hour === given[0]
        : stationWithin(at(given[0], 0, 0), second, at(given[1], 0, 0) - 1);
    case 4:
      return stationWithin(at(given[0], given[1], 0), second, at(given[2], given[3], 59));
    case 6:
      return stationWithin(at(given[0], given[1], given[2]), second, at(given[3], given[4], given[5]));
    default:
      return false;
  }
}

function stationPart(value) {
  const month = stationMonths.indexOf(String(value).toUpperCase());
  if (month >= 0) return { kind: "month", value: month };
  const number = Number(value);
  return { kind: number > 31 ? "year" : "date", value: number };
}

function dateRange(...all) {
  const now = stationNow(all);
  const parts = now.given.map(stationPart);
  if (![1, 2, 4, 6].includes(parts.length) || parts.some((one) => Number.isNaN(one.value))) return false;
  const half = Math.max(1, parts.length / 2);
  const first = parts.slice(0, half);
  const last = parts.slice(-half);
  if (first.some((one, index) => one.kind !== last[index].kind)) return false;
  const kinds = ["year", "month", "date"].filter((kind) => first.some((one) => one.kind === kind));
  if (kinds.length !== first.length) return false;
  // Of year, month and date those that are given, the larger first: 32 and 13 are more than any month or date.
  const order = (side) =>
    kinds.reduce((sum, kind) => sum * 400 + side.find((one) => one.kind === kind).value, 0);
  const here = kinds.reduce((sum, kind) => sum * 400 + now[kind], 0);
  const from = order(first);
  const to = order(last);
  return kinds[0] === "year" ? from <= here && here <= to : stationWithin(from, here, to);
}
