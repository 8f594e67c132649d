/** What functions of the user's own may be for in a replay. */
export const FUNCTION_KINDS = ['time', 'filter', 'transform', 'encoding'] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];

/** And in a job of ranges. */
export const RANGE_FUNCTION_KINDS = ['range', 'finish'] as const;
export type RangeFunctionKind = (typeof RANGE_FUNCTION_KINDS)[number];
