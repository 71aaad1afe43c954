/** A path in the queue, from the outermost group to the innermost. All paths of one queue have the same depth. */
export type Path = readonly string[];

interface Node<T> {
  count: number;
  readonly children: Map<string, Node<T>>;
  readonly items: T[];
}

const newNode = <T>(): Node<T> => ({ count: 0, children: new Map(), items: [] });

/**
 * Fair queue over groups, level by level: every network gets the same share, however many of its requests wait, and
 * within it every account (fair queueing: Nagle, RFC 970).
 */
export class FairLine<T> {
  readonly #root = newNode<T>();

  get count(): number {
    return this.#root.count;
  }

  /** Number of items under a path. */
  countOf(path: Path): number {
    let node: Node<T> | undefined = this.#root;
    for (const name of path) node = node?.children.get(name);
    return node?.count ?? 0;
  }

  push(path: Path, item: T): void {
    let node = this.#root;
    node.count += 1;
    for (const name of path) {
      let child = node.children.get(name);
      if (!child) {
        child = newNode();
        node.children.set(name, child);
      }
      node = child;
      node.count += 1;
    }
    node.items.push(item);
  }

  /** Whose turn it is. */
  shift(): T | undefined {
    return this.#root.count === 0 ? undefined : this.#shift(this.#root);
  }

  #shift(node: Node<T>): T | undefined {
    node.count -= 1;
    const [next] = node.children;
    if (!next) return node.items.shift();
    const [name, child] = next;
    const item = this.#shift(child);
    // Behind the others, or gone.
    node.children.delete(name);
    if (child.count > 0) node.children.set(name, child);
    return item;
  }

  /** The newest of the longest branch at a depth leaves. */
  dropFromLongest(depth: number): T | undefined {
    let nodes: Node<T>[] = [this.#root];
    let paths: string[][] = [[]];
    for (let level = 0; level < depth; level++) {
      paths = nodes.flatMap((node, at) => [...node.children.keys()].map((name) => [...paths[at]!, name]));
      nodes = nodes.flatMap((node) => [...node.children.values()]);
    }
    let longest = 0;
    for (const [at, node] of nodes.entries()) if (node.count > nodes[longest]!.count) longest = at;
    const path = paths[longest];
    return path && this.#pop(this.#root, path);
  }

  #pop(node: Node<T>, path: readonly string[]): T | undefined {
    node.count -= 1;
    const [name = [...node.children.keys()].at(-1), ...rest] = path;
    const child = name === undefined ? undefined : node.children.get(name);
    if (name === undefined || !child) return node.items.pop();
    const item = this.#pop(child, rest);
    if (child.count === 0) node.children.delete(name);
    return item;
  }
}
