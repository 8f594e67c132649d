import { archiveLine } from '../../cli/archive-lines.ts';
import { bar } from '../../cli/progress-bar.ts';
import type { ArchiveProgress } from '../../workflows/archive/archive-progress.ts';
import type { ReplayProgress } from '../../workflows/replay/progress.ts';

/**
 * One line about how far a job is; drawn over itself on a terminal, one line a change elsewhere. A step that is over is
 * shown once more as it has ended, since nobody looks often enough to see that otherwise.
 */
export class ProgressBar {
  #last = '';
  #step: string | undefined;

  archive(progress: ArchiveProgress): void {
    this.#at(progress.step, (step) => archiveLine({ ...progress, step, status: 'running' }));
  }

  replay(progress: ReplayProgress): void {
    this.#at(progress.step, (step) => replayLine(progress, step));
  }

  end(): void {
    if (process.stdout.isTTY) process.stdout.write('\n');
  }

  #at<Step extends string>(step: Step, lineOf: (step: Step) => string): void {
    const before = this.#step as Step | undefined;
    this.#step = step;
    if (before !== undefined && before !== step) this.#show(lineOf(before));
    if (step !== 'done') this.#show(lineOf(step));
  }

  #show(text: string): void {
    const line = `  ${text}`;
    if (line === this.#last) return;
    this.#last = line;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
    else console.log(line);
  }
}

function replayLine({ splits, records, windows }: ReplayProgress, step: ReplayProgress['step']): string {
  if (step === 'decode') return drawn('decode and sort', splits.decoded, splits.total, `${records.decoded} records`);
  if (step === 'publish' && windows !== undefined && records.total === undefined)
    return drawn('publish', windows.at - 1, windows.of, `window ${windows.at} of ${windows.of}`);
  if (step !== 'publish' || records.total === undefined) return drawn(step, 0, 0, '');
  const { published, total } = records;
  return drawn('publish', Number(published), Number(total), `${published} of ${total} records`);
}

function drawn(name: string, done: number, of: number, text: string): string {
  return `${name.padEnd(16)}${of === 0 ? '' : ` ${bar(done, of)}`} ${text}`;
}
