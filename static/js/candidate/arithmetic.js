// What the calculator works out: + − × ÷, per cent behind a number, parentheses. No eval: a reader of its own.
// Grammar: sum = product { (+|−) product }; product = part { (×|÷) part }; part = [−] (number | "(" sum ")") { % }.

const DIGITS = 12; // more would show the noise of binary fractions: 0.1 + 0.2 is 0.3
const LARGEST = 1e15; // beyond it a number has no exact units
const HUNDRED = 100;

/** Return the value of `entry`, or null where it has none (unfinished, divided by zero, too large to be shown). */
export function resultOf(entry) {
  const signs = entry.match(/\d+\.?\d*|\.\d+|[-+×÷%()−]/g) ?? [];
  if (signs.join("") !== entry.replaceAll(" ", "")) return null;
  const reader = { signs: signs.map(sign => (sign === "−" ? "-" : sign)), place: 0 };
  const value = sum(reader);
  return reader.place === signs.length && Math.abs(value) < LARGEST ? Number(value.toPrecision(DIGITS)) : null;
}

/** Return a number as it is shown and can be typed again: no grouping, no powers of ten, a true minus. */
export function shown(value) {
  return value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: DIGITS }).replace("-", "−");
}

function sum(reader) {
  let value = product(reader);
  for (let sign = next(reader, "+-"); sign; sign = next(reader, "+-")) {
    const other = product(reader);
    value = sign === "+" ? value + other : value - other;
  }
  return value;
}

function product(reader) {
  let value = part(reader);
  for (let sign = next(reader, "×÷"); sign; sign = next(reader, "×÷")) {
    const other = part(reader);
    value = sign === "×" ? value * other : value / other;
  }
  return value;
}

function part(reader) {
  if (next(reader, "-")) return -part(reader);
  let value = next(reader, "(") ? bracketed(reader) : number(reader);
  while (next(reader, "%")) value /= HUNDRED;
  return value;
}

function bracketed(reader) {
  const value = sum(reader);
  return next(reader, ")") ? value : Number.NaN;
}

function number(reader) {
  const sign = reader.signs[reader.place];
  if (sign === undefined || !/^[\d.]/.test(sign)) return Number.NaN;
  reader.place += 1;
  return Number(sign);
}

/** Take the next sign when it is one of `wanted`. */
function next(reader, wanted) {
  const sign = reader.signs[reader.place];
  if (sign === undefined || !wanted.includes(sign)) return null;
  reader.place += 1;
  return sign;
}
