// How large a file is, in words.

const KILOBYTE = 1024;
export const MEGABYTE = KILOBYTE * KILOBYTE;
const LEAST_SHOWN = 0.1;

/** Return a size in kilobytes or megabytes. */
export function sizeOf(bytes) {
  const figure = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return bytes < MEGABYTE ? `${figure.format(Math.max(bytes / KILOBYTE, LEAST_SHOWN))} KB` : `${figure.format(bytes / MEGABYTE)} MB`;
}
