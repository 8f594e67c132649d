import type { ArchiveLayout } from '../../../layouts/archive-layout.ts';
import { ledgerHistory } from './history.ts';
import { ledgerFacts } from './names.ts';

const HOUR = 3_600_000;

/** An archive that nothing in the project knows of: names with first and last offsets, a history of JSON files. */
export const ledger: ArchiveLayout = {
  writer: 'Ledger',
  places: ['dest'],
  input: ({ dest }, topic) => dest && `${dest}/${topic}/p*`,
  isData: (name) => name.endsWith('.jsonl'),
  isDataFolder: (name) => !name.startsWith('.'),
  facts: ledgerFacts,
  nameShape: () => 'FIRST-LAST@HOUR.jsonl',
  span: (path, topic) => {
    const from = ledgerFacts(path, topic)?.bucketStartMs;
    return from === undefined ? undefined : { from, to: from + HOUR, by: 'name' };
  },
  inOrder: (files) => [...files].sort((a, b) => first(a.path) - first(b.path)),
  dated: () => undefined,
  beside: async () => [],
  history: ledgerHistory,
};

function first(path: string): number {
  return Number.parseInt(path.slice(path.lastIndexOf('/') + 1));
}
