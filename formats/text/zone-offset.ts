const MINUTE = 60_000;

/**
 * Short names of zones, in hours before or behind UTC: those that mean one thing, whatever the Java process's own zone
 * is. IST, for one, is India's, Israel's or Ireland's.
 */
const HOURS: Readonly<Record<string, number>> = {
  ...{ EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10 },
  ...{ WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, EET: 2, EEST: 3 },
  ...{ SGT: 8, HKT: 8, JST: 9, KST: 9, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
};

/** China Standard Time to a Java process in Asia. */
const OTHERWISE_IN_ASIA = new Set(['CST', 'CDT']);

/** The expression of a zone as patterns of SimpleDateFormat have it. @param timeZone IANA name of the process's zone */
export function zoneExpression(timeZone: string): string {
  const names = Object.keys(HOURS).filter((name) => !timeZone.startsWith('Asia/') || !OTHERWISE_IN_ASIA.has(name));
  return String.raw`Z|UTC|GMT(?:[+-]\d{1,2}:\d{2})?|[+-]\d{2}:?\d{2}|[+-]\d{2}|${names.join('|')}`;
}

/** Milliseconds that a zone, of which `zoneExpression` is the expression, is before UTC. */
export function zoneOffset(zone: string): number {
  const hours = HOURS[zone];
  if (hours !== undefined) return hours * 60 * MINUTE;
  const [, sign, shown, minutes] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(shown) * 60 + Number(minutes ?? 0)) * MINUTE;
}
