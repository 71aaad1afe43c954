import type { ComponentChildren } from 'preact';

/** Heading of a column, as text or with a class for the column's kind. */
export type Column = string | { readonly text: string; readonly class: string | readonly string[] };

interface ListTableProps {
  /** Name for screen readers, or `labelledBy`: the id of the heading above. */
  readonly label?: string;
  readonly labelledBy?: string;
  readonly class?: string;
  readonly columns: readonly Column[];
  /** `tbody`, `tfoot`. */
  readonly children: ComponentChildren;
}

/** A table of rows that scrolls sideways where it does not fit, also by keyboard. */
export function ListTable({ label, labelledBy, class: more, columns, children }: ListTableProps) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label} aria-labelledby={labelledBy}>
      <table class={more === undefined ? 'card list' : `card list ${more}`}>
        <thead>
          <tr>
            {columns.map((column) => {
              const { text, class: kind } = typeof column === 'string' ? { text: column, class: undefined } : column;
              return (
                <th key={text} scope="col" class={typeof kind === 'object' ? kind.join(' ') : kind}>
                  {text}
                </th>
              );
            })}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}
