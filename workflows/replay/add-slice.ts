import type { PublishedSlice } from '../../activities/replay/steps.ts';
import { addText } from '../run/int64-text.ts';
import type { ReplayState } from './replay-state.ts';

/** Adds what a slice has published. */
export function addSlice({ published }: ReplayState, slice: PublishedSlice): void {
  published.records = slice.published;
  published.bytes = addText(published.bytes, slice.bytes);
  published.transactions += slice.transactions;
  if (slice.records > 0 && slice.seconds > 0) published.recordsPerSecond = slice.records / slice.seconds;
}
