import { maxOverlap } from '../key-overlap.ts';
import type { MergeGroup, MergePlan, PlannedSection, SectionSize } from './merge-plan.ts';
import { PassPlan } from './plan-one-pass.ts';

/**
 * Plans the passes that must come before one merge with at most `maxOpen` sections open at once (2 or more). Only
 * where too many sections overlap are some of them merged first, and as few as may be: those that end last. A group
 * has at most `maxOpen` sections, so its own merge fits too. The plan depends on nothing but its input.
 */
export function planMergePasses<S extends SectionSize>(
  sections: Iterable<S>,
  { maxOpen }: { maxOpen: number },
): MergePlan<S> {
  if (!Number.isSafeInteger(maxOpen) || maxOpen < 2)
    throw new RangeError(`a merge has at least two sections open, not ${maxOpen}`);
  let inputs: PlannedSection<S>[] = Array.from(sections, (section) => ({
    first: section.first,
    last: section.last,
    records: section.records,
    bytes: section.bytes,
    section,
  }));
  inputs = inputs.filter(({ records }) => records > 0);
  const overlapBefore = maxOverlap(inputs);
  const passes: MergeGroup<S>[][] = [];
  let overlapAfter = overlapBefore;
  let bytes = 0;
  while (overlapAfter > maxOpen) {
    const plan = new PassPlan<S>(maxOpen, passes.length);
    inputs = plan.run(inputs);
    passes.push(plan.groups);
    bytes += plan.groups.reduce((all, group) => all + group.bytes, 0);
    overlapAfter = maxOverlap(inputs);
  }
  return { passes, inputs, overlapBefore, overlapAfter, bytes };
}
