import { unzip } from '../../server/import/unzip.ts';

/** Cells of the first sheet as stored: numbers as numbers, texts as texts; absent cells are undefined. */
export interface Sheet {
  readonly rows: (string | number | undefined)[][];
  /** XML of the sheet. */
  readonly xml: string;
}

const text = (xml: string) =>
  xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** `AB` of `AB12`: 27. */
const columnOf = (reference: string) =>
  [...reference.replace(/\d+/, '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

export async function readSheet(file: Uint8Array): Promise<Sheet> {
  const parts = await unzip(file, new Set(['sheet1.xml', 'sharedstrings.xml', 'sharedStrings.xml']));
  const of = (name: string) => [...parts].find(([part]) => part.toLowerCase() === name)?.[1].toString() ?? '';
  const shared = [...of('sharedstrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map(([, si = '']) =>
    text([...si.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, part]) => part).join('')),
  );
  const xml = of('sheet1.xml');
  const rows = [...xml.matchAll(/<row[^>]*>(.*?)<\/row>/gs)].map(([, row = '']) => {
    const cells: (string | number | undefined)[] = [];
    for (const [, attributes = '', content = ''] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const at = columnOf(/r="([A-Z]+\d+)"/.exec(attributes)?.[1] ?? '');
      const value = /<v>(.*?)<\/v>/s.exec(content)?.[1];
      if (/t="s"/.test(attributes)) cells[at] = shared[Number(value)];
      else if (/t="inlineStr"/.test(attributes)) cells[at] = text(/<t[^>]*>(.*?)<\/t>/s.exec(content)?.[1] ?? '');
      else if (value !== undefined) cells[at] = Number(value);
    }
    return cells;
  });
  return { rows, xml };
}
