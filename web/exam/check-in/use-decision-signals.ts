import { useEffect, useRef } from 'preact/hooks';
import { common } from '../../shared/messages/common.ts';
import { playTones } from '../../shared/tones.ts';
import { t } from '../messages.ts';

const DECIDED_HZ = [523, 659];

/** A student who waits looks at other things: the tab's title and two tones say that staff have decided. */
export function useDecisionSignals(state: keyof typeof t.checkIn.tab | undefined): void {
  const before = useRef(state);
  useEffect(() => {
    const { current: last } = before;
    before.current = state;
    document.title = common.pageTitle(state ? t.checkIn.tab[state] : t.page);
    if (last !== undefined && last !== state && state && ['held', 'admitted', 'refused'].includes(state))
      playTones(DECIDED_HZ);
    return () => void (document.title = common.pageTitle(t.page));
  }, [state]);
}
