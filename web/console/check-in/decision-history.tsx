import type { CheckInDecision } from '../../../protocol/http/check-in.ts';
import { useZone } from '../../shared/shown-zone.ts';
import { dateAndSeconds } from '../../shared/time-format.ts';
import { t } from '../messages.ts';
import { personName } from '../person-name.ts';
import { thingsOf } from './things.ts';

/** Who decided what, and why. */
export function DecisionHistory({ decisions }: { readonly decisions: readonly CheckInDecision[] }) {
  const zone = useZone();
  if (decisions.length === 0) return <p class="small muted">{t.checkIn.noDecision}</p>;
  return (
    <ol class="plain stack tight">
      {decisions.map(({ id, decision, by, at, reason, missing, retake }) => (
        <li key={id} class="small">
          {[
            t.checkIn.decided(
              t.checkIn.decisions[decision],
              by ? personName(by) : t.review.someone,
              dateAndSeconds(at, zone),
            ),
            ...(missing.length > 0 ? [t.checkIn.without(thingsOf(missing))] : []),
            ...(retake.length > 0 ? [t.checkIn.askedAgain(thingsOf(retake))] : []),
          ].join(' · ')}
          {reason !== null && <p class="said">{reason}</p>}
        </li>
      ))}
    </ol>
  );
}
