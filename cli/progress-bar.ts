const WIDTH = 30;

/** A part of a whole as a bar of text. */
export function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.min(WIDTH, Math.round((WIDTH * part) / whole));
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`;
}
