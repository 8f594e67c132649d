/** Groups of modules that reach each other by imports (Tarjan's strongly connected components), each in order. */
export function cyclesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const cycles: string[][] = [];
  const visit = (module: string): void => {
    numbers.set(module, numbers.size);
    lowest.set(module, numbers.get(module)!);
    stack.push(module);
    onStack.add(module);
    for (const next of imports.get(module) ?? []) {
      if (!numbers.has(next)) visit(next);
      else if (!onStack.has(next)) continue;
      lowest.set(module, Math.min(lowest.get(module)!, lowest.get(next)!));
    }
    if (lowest.get(module) !== numbers.get(module)) return;
    const group: string[] = [];
    for (let last; last !== module;) {
      last = stack.pop()!;
      onStack.delete(last);
      group.push(last);
    }
    if (group.length > 1 || imports.get(module)?.includes(module) === true) cycles.push(group.sort());
  };
  for (const module of imports.keys()) if (!numbers.has(module)) visit(module);
  return cycles;
}
