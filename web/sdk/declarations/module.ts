import { parseSync } from 'vite';

/** Name of something in a module; `module` is the path of the module that declares it or passes it on. */
export interface Origin {
  readonly module: string;
  readonly name: string;
}

export interface Statement {
  /** Source text with the comment before it, without `export`. */
  readonly text: string;
  readonly isType: boolean;
  /** Every identifier in it; more than it refers to does no harm. */
  readonly identifiers: ReadonlySet<string>;
}

/** One declaration file, by name. */
export interface Module {
  readonly declared: ReadonlyMap<string, readonly Statement[]>;
  readonly imported: ReadonlyMap<string, Origin>;
  /** Names under which it exports, of its own and of others. */
  readonly exported: ReadonlyMap<string, Origin>;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const nameOf = (node: unknown): string =>
  (node as { name?: string; value?: string }).name ?? (node as { value: string }).value;

function identifiersIn(value: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const item of value) identifiersIn(item, found);
  if (!isNode(value)) return found;
  if (value.type === 'TSImportType') throw new Error('a declaration file that is bundled has no import types');
  if (value.type === 'Identifier') found.add(nameOf(value));
  for (const field of Object.values(value)) if (typeof field === 'object') identifiersIn(field, found);
  return found;
}

/** @param resolve path of an imported module */
export function readModule(path: string, source: string, resolve: (specifier: string) => string): Module {
  const { program, comments, errors } = parseSync(path, source, { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const declared = new Map<string, Statement[]>();
  const imported = new Map<string, Origin>();
  const exported = new Map<string, Origin>();

  const declare = (node: Node, start: number): void => {
    const comment = comments.findLast(({ end }) => end <= start && source.slice(end, start).trim() === '');
    const before = comment ? `${source.slice(comment.start, comment.end)}\n` : '';
    const statement: Statement = {
      text: before + source.slice(node.start, node.end),
      isType: /^TS(Interface|TypeAlias)Declaration$/.test(node.type),
      identifiers: identifiersIn(node, new Set()),
    };
    const declarators = (node['declarations'] ?? [node]) as readonly Node[];
    for (const { id } of declarators) declared.set(nameOf(id), [...(declared.get(nameOf(id)) ?? []), statement]);
  };

  for (const node of program.body as unknown as readonly Node[]) {
    const from = isNode(node['source']) ? resolve(nameOf(node['source'])) : path;
    const specifiers = (node['specifiers'] ?? []) as readonly Node[];
    if (node.type === 'ImportDeclaration') {
      for (const { local, imported: name } of specifiers) {
        if (!name) throw new Error(`${path}: only named imports are bundled`);
        imported.set(nameOf(local), { module: from, name: nameOf(name) });
      }
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const { local, exported: name } of specifiers) {
        exported.set(nameOf(name), { module: from, name: nameOf(local) });
      }
      const inner = node['declaration'];
      if (!isNode(inner)) continue;
      const before = new Set(declared.keys());
      declare(inner, node.start);
      for (const name of declared.keys()) if (!before.has(name)) exported.set(name, { module: path, name });
    } else declare(node, node.start);
  }
  return { declared, imported, exported };
}
