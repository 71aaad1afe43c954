import type { System } from '../../../protocol/http/system.ts';
import { number, percent } from '../../shared/messages/numbers.ts';
import { t } from '../messages.ts';

/** Queue and rate of the models, and their versions. */
export function InferenceFacts({ inference }: { readonly inference: System['inference'] }) {
  const { waiting, rateScale, analysedPerSecond, threads, models } = inference;
  return (
    <section class="card stack" aria-labelledby="inference">
      <h2 id="inference">{t.system.inference}</h2>
      <dl class="facts">
        <dt>{t.system.waiting}</dt>
        <dd>{number(waiting)}</dd>
        <dt>{t.system.rate}</dt>
        <dd>{t.system.rateOf(percent(rateScale))}</dd>
        <dt>{t.system.analysed}</dt>
        <dd>
          {analysedPerSecond === null
            ? t.system.unknown
            : t.system.perSecond(number(Math.round(analysedPerSecond * 10) / 10))}
        </dd>
        <dt>{t.system.threads}</dt>
        <dd>{number(threads)}</dd>
        <dt>{t.system.models}</dt>
        <dd>
          {models.length === 0 ? (
            t.system.noModels
          ) : (
            <ul class="plain">
              {models.map(({ name, version }) => (
                <li key={name}>
                  {name} {version}
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
    </section>
  );
}
