/** Numbers as people read them, in the Web UI and in a terminal. */

/** Digits in groups of three. */
export function groupedText(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** A number of things, of one as of many: `1 file`, `1 000 files`. */
export function counted(count: number | string, what: string): string {
  return `${groupedText(count)} ${what}${Number(count) === 1 ? '' : 's'}`;
}

/** Bytes in the largest unit of 1024 that leaves one digit before the point. */
export function bytesText(bytes: number | string): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = Number(bytes);
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** A rate limit; empty where there is none. */
export function limitText({ records, bytes }: { records?: number | undefined; bytes?: number | undefined }): string {
  const parts = [
    records === undefined ? undefined : `${groupedText(records)} records/s`,
    bytes === undefined ? undefined : `${bytesText(Math.round(bytes))}/s`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
