/** Name of the file that a pass leaves in staging. */
export function mergedName(level: number, pass: number): string {
  return `merged-${level}-${pass}`;
}
