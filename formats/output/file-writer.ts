import type { WrittenFile } from './file-output.ts';

/** What the writers of all formats have in common. What appends says false where the caller should wait. */
export interface FileWriter {
  /** Records so far. */
  readonly records: number;
  /** Bytes of the file that are made already: what is in the block under way is not among them. */
  readonly length: number;
  /** Waits until more may be appended. @throws the sink's error */
  drained(): Promise<void>;
  /** Finishes the file; nothing may follow. @throws the sink's error */
  end(): Promise<WrittenFile>;
}
