/** What functions of the user's own may be for. */
export const FUNCTION_KINDS = ['time', 'filter', 'transform', 'encoding'] as const;
export type FunctionKind = (typeof FUNCTION_KINDS)[number];
