import { useEffect, useRef } from 'preact/hooks';
import type { FormLink } from './form-link.ts';
import { formUrl, hasNoForm } from './form-url.ts';
import { t } from './messages.ts';

interface ExamAreaProps {
  readonly title: string;
  /** Shows a sample question where no questions are named. */
  readonly isTrial: boolean;
  /** While the exam is paused: hidden and not reachable by keyboard, with the answers kept. */
  readonly hidden: boolean;
  readonly form: FormLink;
}

/**
 * The exam itself: a page of the same server given by `?form=`; otherwise a note that the questions are elsewhere, and
 * in an exam open to everyone, which is how one is tried, a sample question.
 */
export function ExamArea({ title, isTrial, hidden, form: link }: ExamAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  // It replaces the calibration: keyboard and screen reader users continue from here.
  useEffect(() => area.current?.focus({ preventScroll: true }), []);
  const form = formUrl(location.href);
  return (
    <div class="exam-area" ref={area} tabIndex={-1} hidden={hidden} role="group" aria-label={t.area}>
      {form ? (
        <iframe class="exam-form" ref={link.use} onLoad={link.loaded} src={form} title={title} />
      ) : isTrial && !hasNoForm(location.href) ? (
        <Example />
      ) : (
        <Elsewhere />
      )}
    </div>
  );
}

/** For exams on paper, or in a window of their own. */
function Elsewhere() {
  return (
    <div class="card stack">
      <h2>{t.questionsElsewhere.title}</h2>
      <p>{t.questionsElsewhere.note}</p>
    </div>
  );
}

function Example() {
  return (
    <div class="card stack">
      <h2>{t.example.title}</h2>
      <p class="muted small">{t.example.note}</p>
      <label class="field">
        <span>{t.example.question}</span>
        <textarea rows={8} />
      </label>
    </div>
  );
}
