import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run models -- list [--json]
       npm run models -- fetch NAME... [--from URL]
       npm run models -- verify [NAME...] [--json]
  --dir FOLDER  folder of added weights (default: the first of MODELS_DIR, or DATA_DIR/models)
  --from URL    mirror: URL of a folder with the files under their own names
  --json        machine-readable output`;

type Command = 'list' | 'fetch' | 'verify';

export interface Options {
  readonly command: Command;
  readonly names: readonly string[];
  readonly dir: string | undefined;
  readonly from: string | undefined;
  readonly json: boolean;
}

/** @throws Error for invalid arguments */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { dir: { type: 'string' }, from: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [command, ...names] = positionals;
  if (command !== 'list' && command !== 'fetch' && command !== 'verify')
    throw new Error(command ? `no command ${command}` : 'no command');
  if (command === 'fetch' && names.length === 0)
    throw new Error('fetch requires names: npm run models -- list shows them');
  if (command === 'list' && names.length > 0) throw new Error('list accepts no names');
  return { command, names: [...new Set(names)], dir: values.dir, from: values.from, json: values.json };
}
