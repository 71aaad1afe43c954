import { type Module, type Origin, readModule, type Statement } from './module.ts';

export interface BundleOptions {
  /** Path of the file whose exports the bundle has. */
  readonly entry: string;
  readonly read: (path: string) => string;
  /** @returns path of the module that `specifier` names in `importer` */
  readonly resolve: (specifier: string, importer: string) => string;
  /** Bundles whose names are imported and not declared again. */
  readonly given?: readonly { readonly specifier: string; readonly bundle: Bundle }[];
}

export interface Bundle {
  readonly text: string;
  /** Exported name of each declaration, by `module#name`. */
  readonly names: ReadonlyMap<string, string>;
}

const key = ({ module, name }: Origin): string => `${module}#${name}`;

/**
 * One declaration file out of many: the exports of the entry, and every declaration that they refer to, once each.
 * @throws Error where two modules declare one name, or a declaration needs a module that is not bundled
 */
export function bundleDeclarations({ entry, read, resolve, given = [] }: BundleOptions): Bundle {
  const modules = new Map<string, Module>();
  const statements = new Map<Statement, string>();
  const owners = new Map<string, string>();
  const imports = new Map<string, Set<string>>();

  const load = (path: string): Module => {
    const known = modules.get(path);
    if (known) return known;
    const module = readModule(path, read(path), (specifier) => resolve(specifier, path));
    modules.set(path, module);
    return module;
  };

  /** Where a name is declared, through imports and re-exports. */
  const find = ({ module: path, name }: Origin): Origin | undefined => {
    const module = load(path);
    if (module.declared.has(name)) return { module: path, name };
    const next = module.imported.get(name) ?? module.exported.get(name);
    return next && find(next);
  };

  const include = (origin: Origin): void => {
    const owner = owners.get(origin.name);
    if (owner !== undefined && owner !== origin.module) {
      throw new Error(`${origin.name} is declared by ${owner} and by ${origin.module}`);
    }
    if (owner !== undefined) return;
    owners.set(origin.name, origin.module);
    const source = given.find(({ bundle }) => bundle.names.has(key(origin)));
    if (source) {
      const outer = source.bundle.names.get(key(origin))!;
      const specifier = outer === origin.name ? outer : `${outer} as ${origin.name}`;
      imports.set(source.specifier, (imports.get(source.specifier) ?? new Set()).add(specifier));
      return;
    }
    const own = load(origin.module).declared.get(origin.name) ?? [];
    for (const { identifiers } of own) {
      for (const name of identifiers) {
        const found = find({ module: origin.module, name });
        if (found && found.name !== name) throw new Error(`${origin.module}: ${name} is an import under another name`);
        if (found) include(found);
      }
    }
    for (const statement of own) statements.set(statement, origin.name);
  };

  const roots = [...load(entry).exported].map(([exported, origin]) => {
    const found = find(origin);
    if (!found) throw new Error(`${entry} exports ${exported}, which nothing declares`);
    include(found);
    return { exported, found };
  });
  const renamed = roots.filter(({ exported, found }) => exported !== found.name);
  const names = new Map([...owners].map(([name, module]) => [key({ module, name }), name]));
  const passedOn = roots.filter(({ found }) => given.some(({ bundle }) => bundle.names.has(key(found))));
  const again = [...renamed, ...passedOn.filter((root) => !renamed.includes(root))];
  const text = [
    ...[...imports].map(([from, specifiers]) => `import { ${[...specifiers].join(', ')} } from '${from}';`),
    ...[...statements.keys()].map((statement) => statement.text.replace(/^((?:\/\*[^]*?\*\/\s*)?)/, '$1export ')),
    ...again.map(({ exported, found }) => `export { ${found.name} as ${exported} };`.replace(/(\w+) as \1 /, '$1 ')),
    '',
  ];
  return { text: text.join('\n'), names };
}
