import { archiveLine } from '../../cli/archive-lines.ts';
import { bar } from '../../cli/progress-bar.ts';
import type { ArchiveProgress } from '../../workflows/archive/archive-progress.ts';
import type { ReplayProgress } from '../../workflows/replay/progress.ts';

/** One line about how far a job is; drawn over itself on a terminal, one line a change elsewhere. */
export class ProgressBar {
  #last = '';

  archive(progress: ArchiveProgress): void {
    this.#show(archiveLine(progress));
  }

  replay({ step, splits, records }: ReplayProgress): void {
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
    this.#show(`${name.padEnd(16)}${of === 0 ? '' : ` ${bar(done, of)}`} ${text}`);
  }

  #show(text: string): void {
    const line = `  ${text}`;
    if (line === this.#last) return;
    this.#last = line;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
    else console.log(line);
  }
}
