import { t } from './messages.ts';

interface PagerProps {
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  readonly onTurn: (page: number) => void;
}

export function Pager({ page, pages, onTurn }: PagerProps) {
  return (
    <nav class="row" aria-label={t.wall.pages}>
      <button disabled={page === 0} onClick={() => onTurn(page - 1)}>
        {t.wall.previous}
      </button>
      {Array.from({ length: pages }, (_, i) => (
        <button
          key={i}
          class={i === page ? 'primary' : ''}
          aria-current={i === page ? 'page' : undefined}
          aria-label={t.wall.page(i + 1)}
          onClick={() => onTurn(i)}
        >
          {i + 1}
        </button>
      ))}
      <button disabled={page === pages - 1} onClick={() => onTurn(page + 1)}>
        {t.wall.next}
      </button>
    </nav>
  );
}
