import type { ArchiveLayout } from './archive-layout.ts';
import { layouts } from './registered.ts';

/** Names of layouts, the default first. */
export const LAYOUT_NAMES = Object.keys(layouts) as [string, ...string[]];

/** The layout of this name; undefined stands for the first, which jobs have that began before there were others. */
export function layoutOf(name: string = LAYOUT_NAMES[0]): ArchiveLayout {
  const layout = (layouts as Record<string, ArchiveLayout>)[name];
  // The input was checked, so this is a job that a newer release began.
  if (layout === undefined)
    throw new TypeError(`this release knows no layout ${name}: expected ${LAYOUT_NAMES.join()}`);
  return layout;
}
