import { parsers } from 'prettier/plugins/yaml';

/** As prettier's parser has it (yaml-unist), as far as it is used here. */
interface Node {
  type: string;
  value?: string;
  children?: (Node | null)[];
}

/** The documents of a YAML file as plain values; numbers, booleans and null by YAML's core schema. */
export function yamlDocuments(text: string): unknown[] {
  const root = parsers.yaml.parse(text, {} as never) as Node;
  return (root.children ?? []).map((document) => {
    const body = document?.children?.find((child) => child?.type === 'documentBody');
    return valueOf(body?.children?.find((child) => child !== null && !child.type.endsWith('omment')));
  });
}

function valueOf(node: Node | null | undefined): unknown {
  switch (node?.type) {
    case undefined:
    case 'null':
      return null;
    case 'mapping':
    case 'flowMapping':
      return Object.fromEntries(
        (node.children ?? []).map((item) => {
          const [key, value] = item?.children ?? [];
          return [String(valueOf(key?.children?.[0])), valueOf(value?.children?.[0])];
        }),
      );
    case 'sequence':
      return (node.children ?? []).map((item) => valueOf(item?.children?.[0]));
    case 'flowSequence':
      return (node.children ?? []).map((item) =>
        valueOf(item?.type === 'flowSequenceItem' ? item.children?.[0] : item),
      );
    case 'plain':
      return plain(node.value ?? '');
    case 'quoteDouble':
    case 'quoteSingle':
    case 'blockLiteral':
    case 'blockFolded':
      return node.value ?? '';
    default:
      throw new TypeError(`a node of YAML that this reader doesn't know: ${node?.type}`);
  }
}

function plain(text: string): unknown {
  if (/^(true|false)$/.test(text)) return text === 'true';
  if (/^(null|~|)$/.test(text)) return null;
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
