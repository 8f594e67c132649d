/**
 * A format of files that hold records, in the table of `record-formats.ts`. What was detected has the name of the
 * format, and what else a reader must know beforehand, such as the compression.
 */
export interface RecordFormat<Detected extends { format: string }> {
  /** What distinctive first bytes tell; undefined where they are none of this format's. */
  readonly byBytes: (head: Uint8Array) => Detected | undefined;
  /** What the name tells (in lower case), where no format's bytes did. */
  readonly byName: (name: string, head: Uint8Array) => Detected | undefined;
  /** What a file of this format is that looks like one of another; undefined where none looks like that. */
  readonly lookingAs?: (detected: { format: string; compression?: string }) => Detected | undefined;
  /** What a file is taken for that is said to be of this format, and doesn't look like it. */
  readonly assumed: Detected;
  /** Whether what is said to be of this format must be looked at all the same, for what else there is to know. */
  readonly varies: boolean;
  /** Whether each record tells its source partition and its offset. @default false */
  readonly tellsOffsets?: boolean;
  /** Whether such a file can be read from the middle on: at sync markers, or at line ends. */
  cuttable(detected: Detected): boolean;
}

export function startsWith(head: Uint8Array, ...bytes: number[]): boolean {
  return bytes.every((byte, i) => head[i] === byte);
}
