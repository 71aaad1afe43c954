import { useEffect, useRef } from 'preact/hooks';
import type { FormLink } from './form-link.ts';
import { formUrl } from './form-url.ts';
import { t } from './messages.ts';

interface ExamAreaProps {
  readonly title: string;
  /** While the exam is paused: hidden and not reachable by keyboard, with the answers kept. */
  readonly hidden: boolean;
  readonly form: FormLink;
}

/** The exam itself: a page of the same server given by `?form=`, or an example question. */
export function ExamArea({ title, hidden, form: link }: ExamAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  // It replaces the calibration: keyboard and screen reader users continue from here.
  useEffect(() => area.current?.focus({ preventScroll: true }), []);
  const form = formUrl(location.href);
  return (
    <div class="exam-area" ref={area} tabIndex={-1} hidden={hidden} role="group" aria-label={t.area}>
      {form ? <iframe class="exam-form" ref={link.use} onLoad={link.loaded} src={form} title={title} /> : <Example />}
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
