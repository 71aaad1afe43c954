import type { System } from '../../../protocol/http/system.ts';
import { number, percent } from '../../shared/messages/numbers.ts';
import { dateAndTime, hoursAndMinutes } from '../../shared/time-format.ts';
import { browserZone, offsetName } from '../../shared/zone-format.ts';
import { t } from '../messages.ts';
import { hrefOf } from '../route.ts';

type Sessions = System['sessions'];

const COMMAND = 'npm run bench -- capacity --json capacity.json';

/** Students expected in the next hours against what this machine can carry. */
export function Expected({ sessions }: { readonly sessions: Sessions }) {
  const { live, hours, exams, untimed, measured, carried } = sessions;
  const peak = Math.max(0, ...hours.map(({ students }) => students));
  return (
    <section class="card stack" aria-labelledby="expected">
      <h2 id="expected">{t.system.capacity}</h2>
      <p>{t.system.liveNow(live)}</p>
      {measured ? <Measured measured={measured} peak={peak} /> : <HowToMeasure />}
      {carried && <p class="small muted">{t.system.carried(carried.sessions, dateAndTime(carried.at))}</p>}
      {peak === 0 ? (
        <p key="none" class="muted">
          {t.system.noneExpected}
        </p>
      ) : (
        <Hours hours={hours} peak={peak} />
      )}
      {exams.length > 0 && <Exams exams={exams} />}
      {untimed > 0 && <p class="small muted">{t.system.untimed(untimed)}</p>}
    </section>
  );
}

function Measured({ measured, peak }: { readonly measured: NonNullable<Sessions['measured']>; readonly peak: number }) {
  const { students, cores, plannedShare, at, sameMachine } = measured;
  return (
    <>
      <p>
        {t.system.carries(number(students), number(cores), percent(plannedShare))}{' '}
        <span class="small muted">{t.system.measuredAt(dateAndTime(at))}</span>
      </p>
      {!sameMachine && <p class="note warn">{t.system.otherMachine}</p>}
      {peak > students ? (
        <p class="note warn">{t.system.tooMany(number(peak), number(students))}</p>
      ) : (
        peak > 0 && <p class="note good">{t.system.fits}</p>
      )}
    </>
  );
}

const HowToMeasure = () => (
  <div class="note stack tight">
    <p>{t.system.notMeasured}</p>
    <p class="small">{t.system.howToMeasure}</p>
    <pre class="code">{COMMAND}</pre>
  </div>
);

/** Hours with students, each as a bar of the peak. */
function Hours({ hours, peak }: { readonly hours: Sessions['hours']; readonly peak: number }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.system.hours}>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{t.system.hourIn(offsetName(Date.now(), browserZone()))}</th>
            <th scope="col" class="number">
              {t.system.students}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {hours
            .filter(({ students }) => students > 0)
            .map(({ from, students }) => (
              <tr key={from}>
                <th scope="row">{hoursAndMinutes(from)}</th>
                <td class="number">{number(students)}</td>
                <td class="bar">
                  <span style={{ width: `${(100 * students) / peak}%` }} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function Exams({ exams }: { readonly exams: Sessions['exams'] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.system.exams}>
      <table class="list">
        <caption class="unseen">{t.system.exams}</caption>
        <thead>
          <tr>
            <th scope="col">{t.system.exam}</th>
            <th scope="col">{t.audit.from}</th>
            <th scope="col">{t.audit.to}</th>
            <th scope="col" class="number">
              {t.system.students}
            </th>
          </tr>
        </thead>
        <tbody>
          {exams.map(({ id, title, from, to, students, openToAll }) => (
            <tr key={id}>
              <th scope="row">
                <a href={hrefOf({ page: 'exam', exam: id, tab: 'overview' })}>{title}</a>
                {openToAll && <span class="small muted">{t.system.openToAll}</span>}
              </th>
              <td>{dateAndTime(from)}</td>
              <td>{dateAndTime(to)}</td>
              <td class="number">{number(students)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
