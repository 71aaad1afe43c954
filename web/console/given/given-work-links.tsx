import { useEffect, useRef, useState } from 'preact/hooks';
import type { GivenWork } from '../../../protocol/http/review-work.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';
import { NO_FILTER } from '../session-filter.ts';
import { ALL_VERDICTS } from '../verdict-filter.ts';

const HREFS: { readonly [K in keyof GivenWork]: string } = {
  reviews: hrefOf({ page: 'sessions', filter: { ...NO_FILTER, reviewer: 'me' } }),
  appeals: hrefOf({ page: 'verdicts', filter: { ...ALL_VERDICTS, state: 'appealed', whose: 'officer' } }),
  appealsToGive: hrefOf({ page: 'verdicts', filter: { ...ALL_VERDICTS, state: 'appealed', whose: 'none' } }),
};
const KINDS = ['reviews', 'appeals', 'appealsToGive'] as const satisfies readonly (keyof GivenWork)[];

/** In the navigation, on every page: work that waits for the person. What is new is announced. */
export function GivenWorkLinks({ work }: { readonly work: GivenWork }) {
  const before = useRef(work);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const more = KINDS.filter((kind) => work[kind] > before.current[kind]);
    before.current = work;
    if (more.length > 0) setSaid(more.map((kind) => t.given.links[kind](work[kind])).join(', '));
  }, [work]);
  return (
    <>
      {KINDS.filter((kind) => work[kind] > 0).map((kind) => (
        <a key={kind} href={HREFS[kind]}>
          <b>{t.given.links[kind](work[kind])}</b>
        </a>
      ))}
      <span class="unseen" role="status">
        {said}
      </span>
    </>
  );
}
