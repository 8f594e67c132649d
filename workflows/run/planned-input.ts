/** The input of a job as that of its plan. What else is wrong with it is told by who reads it. */
export function plannedInput(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const { plan } = input as { plan?: unknown };
  return { ...input, plan: plan === undefined || plan === false ? true : plan };
}
