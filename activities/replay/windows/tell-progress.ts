import type { StepContext } from '../../step/run-step.ts';
import type { PublishPosition } from '../publish/publish-position.ts';
import type { KeptWindows } from './window-shelf.ts';

/**
 * Tells progress with every sign of life of a decoding thread, too: what publishing told last, and how far windows are.
 *
 * @returns what publishing is to tell by
 */
export function tellProgress(
  { listener }: Pick<KeptWindows, 'listener'>,
  { published }: Pick<PublishPosition, 'published'>,
  progress: StepContext['progress'],
  shown: () => Record<string, unknown>,
): StepContext['progress'] {
  let latest: Record<string, unknown> = { published: published.toString() };
  listener.moved = () => progress({ ...latest, ...shown() });
  return (details) => progress((latest = details));
}
