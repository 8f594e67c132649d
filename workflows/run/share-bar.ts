const WIDTH = 20;

/** Per cent of a whole that is known and not nothing. */
export function percentOf(part: number | string, whole: number | string | undefined): number | undefined {
  const of = Number(whole ?? 0);
  return of > 0 ? Math.min(100, (100 * Number(part)) / of) : undefined;
}

/** A bar of text for a cell of the Web UI's table. */
export function shareBar(percent: number | undefined): string {
  if (percent === undefined) return '';
  const filled = Math.floor((WIDTH * percent) / 100);
  return `\`${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}\` ${percent.toFixed(1)} %`;
}

/** A cell that says what is waited for: an error may hold what would end the cell. */
export function waitsCell(waitingFor: { for: string; since: string; error: string } | undefined): string {
  if (waitingFor === undefined) return '';
  return `for ${waitingFor.for} since ${waitingFor.since}: ${waitingFor.error}`.replaceAll('|', '\\|');
}
