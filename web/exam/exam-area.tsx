import { useEffect, useRef } from 'preact/hooks';
import { formUrl } from './form-url.ts';

interface ExamAreaProps {
  readonly title: string;
  /** Out of sight and out of reach, with what was written in it, while the exam is paused. */
  readonly hidden: boolean;
}

/** Where the exam itself goes: a page of the same server that `?form=` names, or an example. */
export function ExamArea({ title, hidden }: ExamAreaProps) {
  const area = useRef<HTMLDivElement>(null);
  // It comes into the place of the calibration: whoever goes by keyboard or ear goes on from here.
  useEffect(() => area.current?.focus({ preventScroll: true }), []);
  const form = formUrl(location.href);
  return (
    <div class="exam-area" ref={area} tabIndex={-1} hidden={hidden} role="group" aria-label="The exam">
      {form ? <iframe class="exam-form" src={form} title={title} /> : <Example />}
    </div>
  );
}

function Example() {
  return (
    <div class="card stack">
      <h2>Question 1 of 1</h2>
      <p class="muted small">
        This is an example: your institution puts its own exam in this place. What you write here is stored nowhere.
      </p>
      <label class="field">
        <span>Explain in your own words why the sum of two odd numbers is even.</span>
        <textarea rows={8} />
      </label>
    </div>
  );
}
