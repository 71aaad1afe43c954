import PDFDocument from 'pdfkit';
import type { Block, ReportPages } from './blocks.ts';
import type { FontFile } from './fonts.ts';
import { type Run, runsOf } from './text-runs.ts';

/** Points; A4. */
const MARGIN = 50;
const SIZE = { title: 17, heading: 13, incident: 10.5, text: 9.5, small: 8, code: 7 } as const;
const NAME_WIDTH = 150;
const PICTURE = { width: 150, height: 113, gap: 10 } as const;
const MUTED = '#444444';

/** Latin-1 without controls, and the further characters of WinAnsi: what the standard font has. */
const STANDARD = /^[\n\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]$/u;

interface Glyphs {
  hasGlyphForCodePoint(codePoint: number): boolean;
}

/** Lays a report out on pages of A4 and numbers them. */
export class PdfWriter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: { readonly id: string; readonly glyphs: Glyphs | undefined }[] = [];
  readonly #pages: ReportPages;

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
    for (const block of this.#pages.blocks) this.#block(block);
    this.#number();
    this.#doc.end();
    return done;
  }

  #block(block: Block): void {
    const doc = this.#doc;
    switch (block.kind) {
      case 'title':
        this.#text(block.text, SIZE.title);
        doc.moveDown(0.6);
        return;
      case 'heading':
        // A heading stays with what follows.
        this.#room(70);
        doc.moveDown(0.8);
        this.#text(block.text, SIZE.heading);
        doc.moveDown(0.3);
        return;
      case 'text':
        return this.#text(block.text, SIZE.text);
      case 'note':
        return this.#text(block.text, SIZE.small, { colour: MUTED });
      case 'code':
        for (const line of block.text.split('\n')) this.#text(line === '' ? ' ' : line, SIZE.code);
        return;
      case 'facts':
        for (const [name, value] of block.rows) this.#fact(name, value);
        return;
      case 'incident':
        return this.#incident(block);
    }
  }

  #fact(name: string, value: string): void {
    const doc = this.#doc;
    const height = this.#heightOf(value, SIZE.text, this.#width - NAME_WIDTH);
    this.#room(height);
    const top = doc.y;
    this.#text(name, SIZE.text, { colour: MUTED, width: NAME_WIDTH - 10 });
    const below = doc.y;
    doc.y = top;
    this.#text(value, SIZE.text, { x: MARGIN + NAME_WIDTH, width: this.#width - NAME_WIDTH });
    doc.y = Math.max(doc.y, below);
    doc.x = MARGIN;
  }

  #incident({ title, lines, pictures }: Extract<Block, { kind: 'incident' }>): void {
    const doc = this.#doc;
    const perRow = Math.max(1, Math.floor((this.#width + PICTURE.gap) / (PICTURE.width + PICTURE.gap)));
    const rows = Math.ceil(pictures.length / perRow);
    const height =
      this.#heightOf(title, SIZE.incident, this.#width) +
      lines.reduce((sum, line) => sum + this.#heightOf(line, SIZE.small, this.#width), 0) +
      rows * (PICTURE.height + 16) +
      14;
    this.#room(height);
    doc.moveDown(0.4);
    doc
      .moveTo(MARGIN, doc.y)
      .lineTo(MARGIN + this.#width, doc.y)
      .lineWidth(0.5)
      .strokeColor('#bbbbbb')
      .stroke();
    doc.moveDown(0.3);
    this.#text(title, SIZE.incident);
    for (const line of lines) this.#text(line, SIZE.small);
    for (let from = 0; from < pictures.length; from += perRow) this.#row(pictures.slice(from, from + perRow));
  }

  #row(pictures: readonly { readonly jpeg: Uint8Array; readonly caption: string }[]): void {
    const doc = this.#doc;
    this.#room(PICTURE.height + 18);
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
    doc.y = top + PICTURE.height + 14;
    doc.x = MARGIN;
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

  #runs(text: string): Run[] {
    return runsOf(text, this.#fonts.length, (font, code) => {
      const { glyphs } = this.#fonts[font]!;
      return glyphs ? glyphs.hasGlyphForCodePoint(code) : STANDARD.test(String.fromCodePoint(code));
    });
  }

  #heightOf(text: string, size: number, width: number): number {
    const doc = this.#doc;
    const [first] = this.#runs(text);
    doc.font(this.#fonts[first?.font ?? 0]!.id).fontSize(size);
    return doc.heightOfString(text, { width });
  }

  #text(text: string, size: number, place: { x?: number; width?: number; colour?: string } = {}): void {
    const { x = MARGIN, width = this.#width, colour = '#000000' } = place;
    const doc = this.#doc;
    const runs = this.#runs(text);
    doc.fontSize(size).fillColor(colour);
    for (const [i, run] of runs.entries()) {
      doc.font(this.#fonts[run.font]!.id);
      const continued = i < runs.length - 1;
      if (i === 0) doc.text(run.text, x, doc.y, { width, continued });
      else doc.text(run.text, { width, continued });
    }
    doc.x = MARGIN;
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
      this.#text(`${this.#pages.foot} · page ${i + 1} of ${count}`, 6.5, { colour: MUTED });
      page.margins.bottom = bottom;
    }
  }
}
