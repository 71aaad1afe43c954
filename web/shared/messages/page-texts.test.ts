import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

/** Folders of `web/` that have no texts for people: the client library, and servers for tests. */
const WITHOUT_TEXTS = /^(sdk|test)\//;
const CATALOGUE = /^shared\/messages\//;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly program: Node;
}

const sources: readonly Source[] = readdirSync('web', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.ts$/.test(file))
  .filter((file) => !WITHOUT_TEXTS.test(file) && !CATALOGUE.test(file))
  .map((file) => {
    const text = readFileSync(`web/${file}`, 'utf8');
    return { file, text, program: parseSync(file, text).program as unknown as Node };
  });

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

/** Calls `visit` for a node and all below it, with the nodes above. */
function walk(node: Node, visit: (node: Node, above: readonly Node[]) => void, above: readonly Node[] = []): void {
  visit(node, above);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit, [node, ...above]);
}

const at = ({ file, text }: Source, { start }: Node) => `${file}:${text.slice(0, start).split('\n').length}`;

/** Text of a literal that a page could show; a value that is only compared or used as a key is none. */
function textOf(node: Node, [parent]: readonly Node[]): string | undefined {
  if (parent?.type === 'BinaryExpression' && /^[!=]==$/.test(String(parent['operator']))) return undefined;
  if (parent?.type === 'MemberExpression') return undefined;
  if (node.type === 'JSXText') return node['value'] as string;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type === 'TemplateElement') return (node['value'] as { cooked: string }).cooked;
  return undefined;
}

/** Name of a node's JSX attribute, if it stands in one. */
const attributeOf = (above: readonly Node[]): string | undefined => {
  const attribute = above.find(
    ({ type }) => /^JSX(Attribute|Element|ExpressionContainer)$/.test(type) && type !== 'JSXExpressionContainer',
  );
  return attribute?.type === 'JSXAttribute' ? String((attribute['name'] as Node)['name']) : undefined;
};

/** Nearest node above the choices and concatenations that a literal is part of. */
const outside = (above: readonly Node[]) =>
  above.find(({ type }) => !/^(ConditionalExpression|LogicalExpression|TemplateLiteral|BinaryExpression)$/.test(type));

const FOR_PEOPLE = /^(aria-label|aria-description|title|placeholder|alt|label|hint|summary|empty|none)$/;

/** Names and file names that are the same in every language. */
const UNTRANSLATED = new Set(['Invigil', 'openapi.json']);

test('no component has a text of its own: children, and attributes that people read or hear', () => {
  const found: string[] = [];
  for (const source of sources)
    walk(source.program, (node, above) => {
      const text = textOf(node, above)?.trim();
      if (!text || !/\p{L}/u.test(text) || UNTRANSLATED.has(text)) return;
      const attribute = attributeOf(above);
      const isChild =
        node.type === 'JSXText' || (attribute === undefined && outside(above)?.type === 'JSXExpressionContainer');
      if (isChild || (attribute !== undefined && FOR_PEOPLE.test(attribute))) found.push(`${at(source, node)} ${text}`);
    });
  expect(found).toEqual([]);
});

/** Read by machines: CSS classes, media queries, HTTP headers, a command line. Pseudonyms are names, not texts. */
const FOR_MACHINES = /^((badge|note) \w+|\((prefers|pointer).*\)|Bearer|npm run .*)$/;
const NAMES = 'console/pseudonym.ts';

/** Two words, or one that begins with a capital letter. */
const isProse = (text: string) => /\p{L}{2,}[,.:;!?]? +\p{L}{2,}|^\p{Lu}\p{Ll}+[.:…]?$/u.test(text.trim());

test('no module builds a text of its own, in components, helpers or errors', () => {
  const found: string[] = [];
  for (const source of sources.filter(({ file }) => file !== NAMES))
    walk(source.program, (node, above) => {
      const text = textOf(node, above)?.trim();
      if (!text || !isProse(text) || UNTRANSLATED.has(text) || FOR_MACHINES.test(text)) return;
      if (/^(class|style|viewBox|d|preserveAspectRatio|pattern|rel|type)$/.test(attributeOf(above) ?? '')) return;
      if (above[0]?.type.startsWith('Import') || above[0]?.type.startsWith('TS')) return;
      found.push(`${at(source, node)} ${text}`);
    });
  expect(found).toEqual([]);
});

test('messages are read while rendering: a module that reads one when it is loaded would miss the translation', () => {
  const found: string[] = [];
  for (const source of sources) {
    const catalogues = new Set<string>();
    walk(source.program, (node) => {
      if (
        node.type === 'ImportDeclaration' &&
        /(^|\/)messages(\/(common|login|events))?\.ts$/.test(String((node['source'] as Node)['value']))
      )
        for (const { local } of node['specifiers'] as readonly { local: Node }[]) catalogues.add(String(local['name']));
    });
    walk(source.program, (node, above) => {
      if (node.type !== 'MemberExpression') return;
      const object = node['object'] as Node;
      if (object.type !== 'Identifier' || !catalogues.has(String(object['name']))) return;
      if (!above.some(({ type }) => /Function|^PropertyDefinition$/.test(type))) found.push(at(source, node));
    });
  }
  expect(found).toEqual([]);
});
