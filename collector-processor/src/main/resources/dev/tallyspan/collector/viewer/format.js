// Numbers, times and amounts for people.

const SYMBOLS = {USD: '$', EUR: '€', GBP: '£', JPY: '¥'};
const WHOLE = new Intl.NumberFormat('en');
const TIME = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', second: '2-digit'});
const DAY = new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'short'});
const FULL = new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'medium'});

/** An amount, with as many digits as say something: small ones are the rule. */
export function amount(value, currency) {
  const number = Number(value);
  const digits = number === 0 ? 2
    : Math.abs(number) >= 100 ? 2
    : Math.abs(number) >= 1 ? 3
    : Math.abs(number) >= 0.01 ? 4
    : Math.min(12, 1 - Math.floor(Math.log10(Math.abs(number)) + 1e-9) + 1);
  const text = number.toLocaleString('en', {minimumFractionDigits: Math.min(digits, 2), maximumFractionDigits: digits});
  const symbol = SYMBOLS[currency];
  return symbol ? symbol + text : `${text} ${currency}`;
}

/** An amount for a narrow column. */
export function tight(value, currency) {
  const number = Number(value);
  return number > 0 && number < 0.00001 ? `<${amount(0.00001, currency)}` : amount(value, currency);
}

/** Sums by currency; an empty list is not zero, but not known. */
export function money(costs) {
  return costs.length === 0 ? '' : costs.map(cost => amount(cost.amount, cost.currency)).join(' + ');
}

export function exact(costs) {
  return costs.map(cost => `${cost.amount} ${cost.currency}`).join(' + ');
}

export function total(costs) {
  return costs.reduce((sum, cost) => sum + Number(cost.amount), 0);
}

export function count(value) {
  return WHOLE.format(value);
}

export function short(value) {
  if (value < 1000) return String(value);
  if (value < 100000) return (value / 1000).toFixed(value < 10000 ? 1 : 0).replace(/\.0$/, '') + 'k';
  if (value < 1e6) return Math.round(value / 1000) + 'k';
  return (value / 1e6).toFixed(1).replace(/\.0$/, '') + 'M';
}

export function duration(nanos) {
  if (nanos <= 0) return '';
  // A unit up to where rounding would show the next one.
  if (nanos < 999.5e3) return `${Math.max(1, Math.round(nanos / 1e3))} µs`;
  if (nanos < 999.5e6) return `${Math.round(nanos / 1e6)} ms`;
  if (nanos < 59.95e9) return `${(nanos / 1e9).toFixed(nanos < 10e9 ? 2 : 1)} s`;
  const seconds = Math.round(nanos / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`;
}

export function bytes(value) {
  if (value < 1024) return `${value} B`;
  if (value < 1 << 20) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / (1 << 20)).toFixed(1)} MiB`;
}

export function time(millis) {
  return millis > 0 ? TIME.format(millis) : '';
}

export function day(millis) {
  if (millis <= 0) return '';
  return new Date(millis).toDateString() === new Date().toDateString() ? 'today' : DAY.format(millis);
}

export function date(millis) {
  return DAY.format(millis);
}

export function fullTime(millis) {
  return millis > 0 ? FULL.format(millis) : 'unknown time';
}

export function percent(share) {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

export function plural(number, one, many = one + 's') {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A value in a query: in quotation marks where it has blanks. */
export function term(field, value) {
  return `${field}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;
}
