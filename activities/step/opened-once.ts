/** What stands in a pool under a name; opens it where nothing does. A thread keeps its connections from task to task. */
export function openedOnce<T>(pool: Map<string, T>, name: string, open: () => T): T {
  const present = pool.get(name);
  if (present !== undefined) return present;
  const fresh = open();
  pool.set(name, fresh);
  return fresh;
}
