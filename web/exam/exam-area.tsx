import { formUrl } from './form-url.ts';

interface ExamAreaProps {
  readonly title: string;
  /** Out of sight and out of reach, with what was written in it, while the exam is paused. */
  readonly hidden: boolean;
}

/** Where the exam itself goes: a page of the same server that `?form=` names, or an example. */
export function ExamArea({ title, hidden }: ExamAreaProps) {
  const form = formUrl(location.href);
  if (form) return <iframe class="exam-form" src={form} title={title} hidden={hidden} />;
  return (
    <div class="card stack" hidden={hidden}>
      <h2>Question 1 of 1</h2>
      <p class="muted small">This is an example: your institution puts its own exam in this place. What you write here is stored nowhere.</p>
      <label class="field">
        <span>Explain in your own words why the sum of two odd numbers is even.</span>
        <textarea rows={8} />
      </label>
    </div>
  );
}
