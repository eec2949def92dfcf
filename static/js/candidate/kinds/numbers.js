// Numbers as people type them, by the same rule as marking reads them (question_bank/kinds/numbers.py): full-width digits, grouping commas, a sign
// and the unit behind are allowed. What is no number is kept all the same; the page only says so.

const LONGEST = 40;
const MINUS_SIGNS = /[−–—﹣]/g;
const GROUPING = /[, \u00a0]/g;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const BEGUN = /^[+-]?\.?$/;

/** Tell whether `words` are a number, with or without `unit` behind it. */
export function isNumber(words, unit = "") {
  const plain = plainOf(words, unit);
  return plain.length <= LONGEST && NUMBER.test(plain);
}

/** Tell whether a field holds what is no number; a sign alone is still one while it is being typed. */
export function isNoNumber(field, unit = "") {
  if (field.value.trim() === "" || isNumber(field.value, unit)) return false;
  return !(field === document.activeElement && BEGUN.test(plainOf(field.value, unit)));
}

function plainOf(words, unit) {
  const plain = words.trim().normalize("NFKC").replace(MINUS_SIGNS, "-");
  const suffix = unit.normalize("NFKC");
  return (suffix && plain.endsWith(suffix) ? plain.slice(0, -suffix.length) : plain).replace(GROUPING, "");
}
