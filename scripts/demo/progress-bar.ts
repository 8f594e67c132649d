import type { ReplayState } from '../../workflows/replay-state.ts';

const WIDTH = 40;

/** One line about how far a replay is; drawn over itself on a terminal, one line a change elsewhere. */
export class ProgressBar {
  #last = '';

  show(state: ReplayState): void {
    const { step, listing, decoded, catalogue, published } = state;
    if (step === 'decode' && listing !== undefined)
      this.#draw('decode and sort', decoded.splits, listing.splits, `${decoded.read} records`);
    else if (step === 'publish' && catalogue !== undefined)
      this.#draw(
        'publish',
        Number(published.records),
        Number(catalogue.records),
        `${published.records} of ${catalogue.records} records`,
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
