import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

/** A node of the syntax tree (ESTree with JSX). */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** What one place among children can hold: an element with or without a key, or something else. */
interface Choice {
  readonly type: string;
  readonly keyed: boolean;
}

const NOTHING: Choice = { type: '', keyed: true };

/**
 * Places in the pages where alternatives of different types (`a ? <Search /> : <Select />`) lack keys beside a later
 * sibling of one of these types. Preact would give the later sibling's elements to the alternative that comes, so that
 * an open field becomes another one under the hands of whoever uses it.
 * @returns one line for each, by path and line
 */
export function alternativesWithoutKeys(root: string): string[] {
  return readdirSync(join(root, 'web'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tsx') && !path.includes('node_modules'))
    .toSorted()
    .flatMap((path) => faultsOf(`web/${path}`, readFileSync(join(root, 'web', path), 'utf8')));
}

function faultsOf(path: string, source: string): string[] {
  const faults: string[] = [];
  visit(parseSync(path, source).program, (node) => {
    if (node.type !== 'JSXElement' && node.type !== 'JSXFragment') return;
    const children = (node['children'] as Node[]).filter(isDrawn);
    const places = children.map((child) => choicesOf(child));
    places.forEach((choices, index) => {
      if (new Set(choices.map(({ type }) => type).filter(Boolean)).size < 2) return;
      const later = new Set(places.slice(index + 1).flatMap((each) => each.flatMap(unkeyed)));
      const [fault] = choices.flatMap(unkeyed).filter((type) => later.has(type));
      if (fault === undefined) return;
      const line = source.slice(0, children[index]!.start).split('\n').length;
      faults.push(`${path}:${line}: <${fault}> is an alternative and a later sibling is one, too: give it a key`);
    });
  });
  return faults;
}

const unkeyed = ({ type, keyed }: Choice): string[] => (keyed ? [] : [type]);

const isDrawn = (child: Node): boolean =>
  child.type === 'JSXText'
    ? /\S/.test(child['value'] as string)
    : !(child.type === 'JSXExpressionContainer' && (child['expression'] as Node).type === 'JSXEmptyExpression');

function choicesOf(node: Node): Choice[] {
  switch (node.type) {
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
      return choicesOf(node['expression'] as Node);
    case 'ConditionalExpression':
      return [...choicesOf(node['consequent'] as Node), ...choicesOf(node['alternate'] as Node)];
    case 'LogicalExpression':
      return [
        ...(node['operator'] === '&&' ? [NOTHING] : choicesOf(node['left'] as Node)),
        ...choicesOf(node['right'] as Node),
      ];
    case 'JSXElement': {
      const { name, attributes } = node['openingElement'] as { name: Node; attributes: Node[] };
      const keyed = attributes.some((each) => (each['name'] as Node | undefined)?.['name'] === 'key');
      return [{ type: tagOf(name), keyed }];
    }
    case 'Literal':
      return node['value'] === null ? [NOTHING] : [{ type: 'text', keyed: true }];
    default:
      // Text, or a call that may draw anything.
      return [{ type: 'text', keyed: true }];
  }
}

const tagOf = (name: Node): string =>
  name.type === 'JSXMemberExpression'
    ? `${tagOf(name['object'] as Node)}.${tagOf(name['property'] as Node)}`
    : String(name['name']);

function visit(node: unknown, each: (node: Node) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) return node.forEach((item) => visit(item, each));
  if (typeof (node as Node).type === 'string') each(node as Node);
  Object.values(node).forEach((value) => visit(value, each));
}
