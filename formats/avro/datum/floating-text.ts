const SMALLEST_NORMAL_FLOAT = 2 ** -126;
/** Below, one digit can be enough where Java takes the nearest number of two: 4.9E-324. */
const FEW_DIGITS = 1e-321;

/** A double as Java prints it (1.0, 1.0E21, 1.0E-5), in the fewest digits; NaN and infinities as JSON strings. */
export function doubleText(value: number): string {
  return Number.isFinite(value) ? javaNotation(shortestDouble(value), value) : `"${value}"`;
}

/** A float likewise, in the fewest digits that are this float. */
export function floatText(value: number): string {
  return Number.isFinite(value) ? javaNotation(shortestFloat(value), value) : `"${value}"`;
}

function shortestDouble(value: number): string {
  const text = String(value);
  return Math.abs(value) < FEW_DIGITS && text.indexOf('e') <= 2 ? value.toPrecision(2) : text;
}

function shortestFloat(value: number): string {
  // Up to 6 digits survive the way into a float and back, so that fewer need not be tried, but for the smallest.
  for (let precision = Math.abs(value) < SMALLEST_NORMAL_FLOAT ? 2 : 6; precision < 9; precision++) {
    const shorter = Number(value.toPrecision(precision));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}

/** The shortest digits of JavaScript, put as Java's Double.toString puts them. */
function javaNotation(text: string, value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${text}.0` : text;
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [, sign, digits, exponent] = /^(-?)([0-9.]+)(?:e([-+][0-9]+))?$/.exec(text)!;
  const point = digits!.indexOf('.');
  const all = digits!.replace('.', '');
  const leading = all.search(/[1-9]/);
  const power = (point < 0 ? digits!.length : point) - 1 - leading + Number(exponent ?? 0);
  const significant = all.slice(leading).replace(/0+$/, '');
  return `${sign}${significant[0]}.${significant.slice(1) || '0'}E${power}`;
}
