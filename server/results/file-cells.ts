import { wallOf } from '../../protocol/zoned-time.ts';

/** Instants are written by the clock of the exam's time zone. */
export type FileCell = string | number | Date | null;

/** What a file of rows is made of. */
export interface FileTable {
  /** Name of the sheet. */
  readonly sheet: string;
  readonly header: readonly string[];
  /** Width of each column, characters. */
  readonly widths: readonly number[];
}

export interface FileColumn<Row> {
  readonly name: string;
  /** Characters; by default that of its name. */
  readonly width?: number;
  readonly of: (row: Row, zone: string) => FileCell;
}

/** `2026-03-29 02:30:00`, and room for the button of a filter. */
export const TIME_WIDTH = 21;

export const tableOf = (sheet: string, columns: readonly FileColumn<never>[]): FileTable => ({
  sheet,
  header: columns.map(({ name }) => name),
  widths: columns.map(({ name, width }) => width ?? Math.max(12, Math.min(30, name.length + 4))),
});

/** Pure: ISO 8601 by the clock of a zone, with its offset: `2026-03-29T02:30:00+01:00`. */
export function zonedIso(at: Date, zone: string): string {
  const wall = wallOf(at.getTime(), zone);
  const minutes = Math.round((wall - at.getTime()) / 60_000);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return new Date(wall).toISOString().slice(0, 19) + offset;
}
