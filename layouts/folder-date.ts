const HOUR = 3_600_000;

/** What a folder's name says of time. */
export interface FolderDate {
  /** Ms since 1970 of what it shows, as if its clock were at UTC. */
  at: number;
  /** Ms. */
  length: number;
}

/** .../YYYY/MM/dd[/HH[/mm]], .../year=YYYY/month=MM/day=dd[/hour=HH[/minute=mm]], and .../NAME=YYYY-MM-dd[/NAME=HH]. */
const NUMBERS =
  /\/(?:year=)?(\d{4})\/(?:month=)?(\d{2})\/(?:day=)?(\d{2})(?:\/(?:hour=)?(\d{2})(?:\/(?:minute=)?(\d{2}))?)?$/;
const PARTITIONS = /\/[A-Za-z_]+=(\d{4})-(\d{2})-(\d{2})(?:\/[A-Za-z_]+=(\d{2}))?$/;

/** The date that a folder's name ends with, of whatever program; undefined where it has none. */
export function folderDate(folder: string): FolderDate | undefined {
  const found = NUMBERS.exec(folder) ?? PARTITIONS.exec(folder);
  if (found === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute] = found;
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour ?? 0), Number(minute ?? 0));
  return { at, length: hour === undefined ? 24 * HOUR : HOUR };
}
