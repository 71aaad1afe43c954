import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Fonts of the machine that a report may use, best first. The standard font of PDF has Western European letters only. */

const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  '/Library/Fonts',
  '/System/Library/Fonts',
  'C:\\Windows\\Fonts',
];

/** Families for running text, then those for the scripts that these lack. */
const WANTED: readonly { readonly file: RegExp; /** Of a collection. */ readonly name?: string }[] = [
  { file: /^DejaVuSans\.ttf$/i },
  { file: /^NotoSans-Regular\.(ttf|otf)$/i },
  { file: /^LiberationSans-Regular\.ttf$/i },
  { file: /^arial\.ttf$/i },
  { file: /^FreeSans\.(ttf|otf)$/i },
  { file: /^NotoSansArabic-Regular\.(ttf|otf)$/i },
  { file: /^NotoNaskhArabic-Regular\.(ttf|otf)$/i },
  { file: /^NotoSansHebrew-Regular\.(ttf|otf)$/i },
  { file: /^NotoSansDevanagari-Regular\.(ttf|otf)$/i },
  { file: /^NotoSansThai-Regular\.(ttf|otf)$/i },
  { file: /^NotoSansCJK-Regular\.ttc$/i, name: 'NotoSansCJKjp-Regular' },
  { file: /^NotoSans(SC|TC|JP|KR)-Regular\.(ttf|otf)$/i },
  { file: /^DroidSansFallback(Full)?\.ttf$/i },
  { file: /^(wqy-microhei|wqy-zenhei)\.ttc$/i },
  { file: /^unifont.*\.(ttf|otf)$/i },
];

export interface FontFile {
  readonly path: string;
  readonly name: string | undefined;
}

/** Depth of folders that are searched. */
const DEPTH = 4;

function filesBelow(folder: string, depth: number): { folder: string; name: string }[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) =>
    entry.isDirectory()
      ? depth > 0
        ? filesBelow(join(folder, entry.name), depth - 1)
        : []
      : [{ folder, name: entry.name }],
  );
}

let found: readonly FontFile[] | undefined;

/** Looked for once per process. */
export function findFonts(): readonly FontFile[] {
  return (found ??= fontsIn(FOLDERS));
}

export function fontsIn(folders: readonly string[]): readonly FontFile[] {
  const files = folders.flatMap((folder) => filesBelow(folder, DEPTH));
  return WANTED.flatMap(({ file, name }) =>
    files
      .filter((each) => file.test(each.name))
      .slice(0, 4)
      .map((each) => ({ path: join(each.folder, each.name), name })),
  );
}
