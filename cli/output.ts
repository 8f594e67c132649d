import type { CommandError } from './command-error.ts';

/** Where a command's words go: for people, or with `--json` one document for machines. */
export class Output {
  readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  /** The result: the document for machines, or lines for people. */
  result(document: object, lines: string | readonly string[]): void {
    console.log(this.json ? JSON.stringify(document, null, 2) : typeof lines === 'string' ? lines : lines.join('\n'));
  }

  /** Something to know that is not the result. */
  note(line: string): void {
    console.error(this.json ? JSON.stringify({ note: line }) : line);
  }

  /** Two lines: what is wrong, and what to do. */
  error({ message, remedy, type, exitCode }: CommandError): void {
    if (this.json) console.error(JSON.stringify({ error: { message, remedy, type, exitCode } }));
    else console.error(`rewind: ${oneLine(message)}\n${oneLine(remedy)}`);
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}

/** Columns side by side, the first row their heads. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Names and values, one a line; those without a value are left out. */
export function fields(pairs: readonly (readonly [string, string | undefined])[]): string[] {
  return columns(pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
}
