import { SEQUENCE_SYNC_LENGTH } from './sequence-file-header.ts';

/** In place of a record's length: a sync marker follows. */
export const SYNC_ESCAPE = -1;

/** Escape and marker. */
export const SYNC_POINT_LENGTH = 4 + SEQUENCE_SYNC_LENGTH;

/** Whether the 20 bytes at `at` are the escape and the marker. */
export function isSyncAt(bytes: Uint8Array, at: number, marker: Uint8Array): boolean {
  for (let i = 0; i < 4; i++) if (bytes[at + i] !== 0xff) return false;
  for (let i = 0; i < SEQUENCE_SYNC_LENGTH; i++) if (bytes[at + 4 + i] !== marker[i]) return false;
  return true;
}

/** The escape and the marker, as they come between records. */
export function syncPoint(marker: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0xff]), marker]);
}
