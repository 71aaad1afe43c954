import type { Pages } from './use-pages.ts';

interface MoreButtonProps {
  readonly pages: Pick<Pages<unknown>, 'busy' | 'more'>;
  readonly label: string;
}

/** Reads the next page of a list; absent after the last. */
export function MoreButton({ pages: { busy, more }, label }: MoreButtonProps) {
  if (!more) return null;
  return (
    <p>
      <button disabled={busy} onClick={more}>
        {label}
      </button>
    </p>
  );
}
