/** Whether the input says `plan: true`; whatever else is wrong with it is told by who reads it. */
export function asksForPlan(input: unknown): boolean {
  return typeof input === 'object' && input !== null && (input as { plan?: unknown }).plan === true;
}
