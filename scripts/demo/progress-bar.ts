import type { ReplayProgress } from '../../workflows/progress.ts';

const WIDTH = 40;

/** One line about how far a replay is; drawn over itself on a terminal, one line a change elsewhere. */
export class ProgressBar {
  #last = '';

  show({ step, splits, records }: ReplayProgress): void {
    if (step === 'decode') this.#draw('decode and sort', splits.decoded, splits.total, `${records.decoded} records`);
    else if (step === 'publish' && records.total !== undefined)
      this.#draw(
        'publish',
        Number(records.published),
        Number(records.total),
        `${records.published} of ${records.total} records`,
      );
    else this.#draw(step, 0, 0, '');
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\n');
  }

  #draw(name: string, done: number, of: number, text: string): void {
    const filled = of === 0 ? 0 : Math.round((WIDTH * done) / of);
    const bar = of === 0 ? '' : ` [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`;
    const line = `  ${name.padEnd(16)}${bar} ${text}`;
    if (line === this.#last) return;
    this.#last = line;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
    else console.log(line);
  }
}
