import PDFDocument from 'pdfkit';
import type { Block, ReportPages } from './blocks.ts';
import type { FontFile } from './fonts.ts';
import { linesOf } from './lines.ts';
import { lacksLetters, type Run, runsOf } from './text-runs.ts';

/** Points; A4. */
const MARGIN = 50;
const SIZE = { title: 17, heading: 13, incident: 10.5, text: 9.5, small: 8, code: 7 } as const;
const NAME_WIDTH = 180;
/** Of lines, as a share of the size of their letters: from one to the next, and from the top to the foot of letters. */
const LEADING = 1.22;
const BASELINE = 0.95;
const PICTURE = { width: 150, height: 113, gap: 10 } as const;
const MUTED = '#444444';

/** Latin-1 without controls, and the further characters of WinAnsi: what the standard font has. */
const STANDARD = /^[\n\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/u;

/** A row of pictures with their captions. */
const ROW_HEIGHT = PICTURE.height + 18;

const LACKING = 'Letters that no font of the server has are written as their code points, such as [U+738B].';

const withoutPictures = (key: string, value: unknown): unknown => (key === 'pictures' ? undefined : value);

type IncidentBlock = Extract<Block, { kind: 'incident' }>;

interface Glyphs {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** Lays a report out on pages of A4 and numbers them. */
export class PdfWriter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: { readonly id: string; readonly glyphs: Glyphs | undefined }[] = [];
  readonly #pages: ReportPages;
  /** Fonts by code point, as far as they were looked for. */
  readonly #known = new Map<number, number | undefined>();
  /** Widths of words in letters of size 1. */
  readonly #widths = new Map<string, number>();

  constructor(pages: ReportPages, fonts: readonly FontFile[]) {
    this.#pages = pages;
    this.#doc = new PDFDocument({
      size: 'A4',
      margins: { top: MARGIN, bottom: MARGIN + 20, left: MARGIN, right: MARGIN },
      bufferPages: true,
      info: { Title: pages.foot },
    });
    for (const [i, { path, name }] of fonts.entries()) {
      const id = `font${i}`;
      try {
        this.#doc.registerFont(id, path, name);
        this.#doc.font(id);
        const { font } = (this.#doc as unknown as { _font: { font: Glyphs } })._font;
        this.#fonts.push({ id, glyphs: font });
      } catch {
        // A file that is no font.
      }
    }
    // Where there is none with Western letters, the standard one.
    this.#fonts.push({ id: 'Helvetica', glyphs: undefined });
    this.#doc.font(this.#fonts[0]!.id);
  }

  write(): Promise<Uint8Array> {
    const chunks: Buffer[] = [];
    const done = new Promise<Uint8Array>((resolve, reject) => {
      this.#doc.on('data', (chunk: Buffer) => void chunks.push(chunk));
      this.#doc.on('end', () => resolve(Buffer.concat(chunks)));
      this.#doc.on('error', reject);
    });
    const blocks = this.#blocks();
    for (const i of blocks.keys()) this.#block(blocks, i);
    this.#number();
    this.#doc.end();
    return done;
  }

  /** With a note on what its reader would not know, if letters are missing. */
  #blocks(): readonly Block[] {
    const { blocks } = this.#pages;
    if (!lacksLetters(JSON.stringify(blocks, withoutPictures), this.#fontOf)) return blocks;
    const [title, ...rest] = blocks;
    return [...(title ? [title] : []), { kind: 'note', text: LACKING }, ...rest];
  }

  #block(blocks: readonly Block[], at: number): void {
    const doc = this.#doc;
    const block = blocks[at]!;
    switch (block.kind) {
      case 'title':
        this.#text(block.text, SIZE.title);
        doc.y += 10;
        return;
      case 'heading':
        // A heading stays with what follows.
        this.#room(30 + this.#heightFrom(blocks, at + 1));
        doc.y += 8;
        this.#text(block.text, SIZE.heading);
        doc.y += 4;
        return;
      case 'text':
        return this.#text(block.text, SIZE.text);
      case 'note':
        return this.#text(block.text, SIZE.small, { colour: MUTED });
      case 'code':
        return this.#text(block.text, SIZE.code);
      case 'facts':
        for (const [name, value] of block.rows) this.#fact(name, value);
        return;
      case 'incident':
        return this.#incident(block);
    }
  }

  /** Of the first block that is no note, with the notes before it. */
  #heightFrom(blocks: readonly Block[], at: number): number {
    const block = blocks[at];
    switch (block?.kind) {
      case undefined:
      case 'title':
      case 'heading':
        return 0;
      case 'note':
        return this.#heightOf(block.text, SIZE.small, this.#width) + this.#heightFrom(blocks, at + 1);
      case 'text':
      case 'code':
        return this.#heightOf(block.text, SIZE.text, this.#width);
      case 'facts':
        return 3 * LEADING * SIZE.text;
      case 'incident':
        return this.#heightOfIncident(block);
    }
  }

  #fact(name: string, value: string): void {
    const doc = this.#doc;
    const width = this.#width - NAME_WIDTH;
    this.#room(this.#heightOf(value, SIZE.text, width));
    const top = doc.y;
    this.#text(name, SIZE.text, { colour: MUTED, width: NAME_WIDTH - 10 });
    const below = doc.y;
    doc.y = top;
    this.#text(value, SIZE.text, { x: MARGIN + NAME_WIDTH, width });
    doc.y = Math.max(doc.y, below);
  }

  #heightOfIncident({ title, lines, pictures }: IncidentBlock): number {
    return (
      this.#heightOf(title, SIZE.incident, this.#width) +
      lines.reduce((sum, line) => sum + this.#heightOf(line, SIZE.small, this.#width), 0) +
      Math.ceil(pictures.length / this.#perRow) * ROW_HEIGHT +
      14
    );
  }

  #incident(block: IncidentBlock): void {
    const doc = this.#doc;
    const { title, lines, pictures } = block;
    this.#room(this.#heightOfIncident(block));
    doc.y += 5;
    doc
      .moveTo(MARGIN, doc.y)
      .lineTo(MARGIN + this.#width, doc.y)
      .lineWidth(0.5)
      .strokeColor('#bbbbbb')
      .stroke();
    doc.y += 4;
    this.#text(title, SIZE.incident);
    for (const line of lines) this.#text(line, SIZE.small);
    for (let from = 0; from < pictures.length; from += this.#perRow)
      this.#row(pictures.slice(from, from + this.#perRow));
  }

  get #perRow(): number {
    return Math.max(1, Math.floor((this.#width + PICTURE.gap) / (PICTURE.width + PICTURE.gap)));
  }

  #row(pictures: readonly { readonly jpeg: Uint8Array; readonly caption: string }[]): void {
    const doc = this.#doc;
    this.#room(ROW_HEIGHT);
    const top = doc.y + 4;
    for (const [i, { jpeg, caption }] of pictures.entries()) {
      const x = MARGIN + i * (PICTURE.width + PICTURE.gap);
      try {
        doc.image(Buffer.from(jpeg), x, top, { fit: [PICTURE.width, PICTURE.height] });
      } catch {
        doc.rect(x, top, PICTURE.width, PICTURE.height).strokeColor('#bbbbbb').stroke();
      }
      doc.y = top + PICTURE.height + 2;
      this.#text(caption, 6.5, { x, width: PICTURE.width, colour: MUTED });
    }
    doc.y = top - 4 + ROW_HEIGHT;
  }

  get #width(): number {
    return this.#doc.page.width - 2 * MARGIN;
  }

  /** Begins a new page unless so much fits on this one; what is higher than a page flows over it. */
  #room(height: number): void {
    const { page, y } = this.#doc;
    const bottom = page.height - page.margins.bottom;
    if (y + height > bottom && y > page.margins.top) this.#doc.addPage();
  }

  readonly #fontOf = (code: number): number | undefined => {
    if (!this.#known.has(code)) {
      const letter = String.fromCodePoint(code);
      const font = this.#fonts.findIndex(({ glyphs }) =>
        glyphs ? glyphs.hasGlyphForCodePoint(code) : STANDARD.test(letter),
      );
      this.#known.set(code, font < 0 ? undefined : font);
    }
    return this.#known.get(code);
  };

  #widthOf({ text, font }: Run, size: number): number {
    return this.#doc.font(this.#fonts[font]!.id).fontSize(size).widthOfString(text);
  }

  #lines(text: string, size: number, width: number): string[] {
    return linesOf(text, width / size, (part) => {
      let wide = this.#widths.get(part);
      if (wide === undefined) {
        wide = runsOf(part, this.#fontOf).reduce((sum, run) => sum + this.#widthOf(run, 1), 0);
        this.#widths.set(part, wide);
      }
      return wide;
    });
  }

  #heightOf(text: string, size: number, width: number): number {
    return this.#lines(text, size, width).length * LEADING * size;
  }

  #text(text: string, size: number, place: { x?: number; width?: number; colour?: string; foot?: true } = {}): void {
    const { x = MARGIN, width = this.#width, colour = '#000000', foot } = place;
    const doc = this.#doc;
    for (const line of this.#lines(text, size, width)) {
      if (!foot) this.#room(LEADING * size);
      const { y } = doc;
      let at = x;
      for (const run of runsOf(line, this.#fontOf)) {
        // Fonts differ in height: they stand on one line.
        doc.font(this.#fonts[run.font]!.id).fontSize(size).fillColor(colour);
        doc.text(run.text, at, y + BASELINE * size, { lineBreak: false, baseline: 'alphabetic' });
        at += this.#widthOf(run, size);
      }
      doc.y = y + LEADING * size;
    }
  }

  #number(): void {
    const doc = this.#doc;
    const { start, count } = doc.bufferedPageRange();
    for (let i = 0; i < count; i++) {
      doc.switchToPage(start + i);
      const { page } = doc;
      const { bottom } = page.margins;
      // Below the margin, which would otherwise begin a new page.
      page.margins.bottom = 0;
      doc.y = page.height - MARGIN + 4;
      this.#text(`${this.#pages.foot} · page ${i + 1} of ${count}`, 6.5, { colour: MUTED, foot: true });
      page.margins.bottom = bottom;
    }
  }
}
