const UNITS_PER_SECOND: Readonly<Record<string, { units: bigint; digits: number }>> = {
  seconds: { units: 1n, digits: 0 },
  millis: { units: 1_000n, digits: 3 },
  micros: { units: 1_000_000n, digits: 6 },
  nanos: { units: 1_000_000_000n, digits: 9 },
};
/** What a Date holds, in seconds since 1970. */
const LAST_SECOND = 8_640_000_000_000n;

/** A record's time as ISO-8601 with every digit that it has; as it stands where its unit is unknown or it is none. */
export function recordTimeText(raw: string, unit: string | undefined): string {
  const { units, digits } = UNITS_PER_SECOND[unit ?? ''] ?? { units: 0n, digits: 0 };
  if (units === 0n) return raw;
  const value = BigInt(raw);
  const part = ((value % units) + units) % units;
  const seconds = (value - part) / units;
  if (seconds > LAST_SECOND || seconds < -LAST_SECOND) return `${raw} (${unit} since 1970)`;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${whole}${digits === 0 ? '' : `.${part.toString().padStart(digits, '0')}`}Z`;
}
