/** Content of a report, before it is laid out on pages. */
export type Block =
  | { readonly kind: 'title' | 'heading' | 'text' | 'note' | 'code'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [name: string, value: string])[] }
  /** An incident: its lines and pictures stay on one page where they fit on one. */
  | {
      readonly kind: 'incident';
      readonly title: string;
      readonly lines: readonly string[];
      readonly pictures: readonly { readonly jpeg: Uint8Array; readonly caption: string }[];
    };

/** A report for the PDF writer. */
export interface ReportPages {
  readonly blocks: readonly Block[];
  /** At the foot of each page, with its number. */
  readonly foot: string;
}
