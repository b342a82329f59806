/**
 * Reads an RFC 3339 date and time as milliseconds since 1970, or NaN when the text is none. Digits finer than a millisecond
 * are cut off. Leap seconds are refused, because a JavaScript Date has none.
 */
export function parseInstant(text: string): number {
  // 2026-08-01T12:00:00Z is the shortest.
  if (
    text.length < 20 ||
    text.charCodeAt(4) !== DASH ||
    text.charCodeAt(7) !== DASH ||
    (text.charCodeAt(10) | 32) !== LOWER_T ||
    text.charCodeAt(13) !== COLON ||
    text.charCodeAt(16) !== COLON
  )
    return NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59))
    return NaN;
  let at = 19;
  let milliseconds = 0;
  if (text.charCodeAt(at) === DOT) {
    const start = ++at;
    for (let weight = 100; isDigit(text.charCodeAt(at)); at++, weight /= 10)
      if (weight >= 1) milliseconds += (text.charCodeAt(at) - ZERO) * weight;
    if (at === start) return NaN;
  }
  const offset = offsetAt(text, at);
  // Date.UTC takes years below 100 for the twentieth century.
  const instant =
    year < 100
      ? new Date(0).setUTCFullYear(year, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
      : Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  return instant - offset * 60_000;
}

/** Whether the text is a full date, `2026-08-01`. */
export function isDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(digits(text, 0, 4), month);
}

const DASH = 45;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const LOWER_T = 116;
const LOWER_Z = 122;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  return month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : (DAYS[month - 1] as number);
}

/** The offset from UTC in minutes, which must end the text; NaN when it is malformed. */
function offsetAt(text: string, at: number): number {
  if ((text.charCodeAt(at) | 32) === LOWER_Z) return text.length === at + 1 ? 0 : NaN;
  const sign = text.charCodeAt(at) === 43 ? 1 : text.charCodeAt(at) === DASH ? -1 : NaN;
  const hours = digits(text, at + 1, at + 3);
  const minutes = digits(text, at + 4, at + 6);
  return text.length === at + 6 && text.charCodeAt(at + 3) === COLON && hours <= 23 && minutes <= 59 ? sign * (hours * 60 + minutes) : NaN;
}
