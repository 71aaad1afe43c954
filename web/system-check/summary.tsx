import { useRef, useState } from 'preact/hooks';
import { type Finding, resultOf, summaryText } from './findings.ts';
import { dateAndTime } from '../shared/time-format.ts';

const TONES: Record<Finding['state'], string> = { good: 'good', note: 'warn', bad: 'bad', open: '' };

/** The result in words, and all of it as text to print or to send to whoever helps. */
export function Summary({ findings }: { readonly findings: readonly Finding[] }) {
  const result = resultOf(findings);
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const text = summaryText(findings, {
    server: location.origin,
    browser: navigator.userAgent,
    at: dateAndTime(new Date().toISOString()),
  });
  const copy = () => {
    // Without the permission, or on a page that is not secure: the text is selected, and Ctrl+C does the rest.
    field.current?.select();
    void (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error())).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div class="card stack">
      <h2>Result</h2>
      <p class={`note ${TONES[result.state]}`} role="status">
        <b>{result.says}</b>
      </p>
      <label class="field">
        <span>Summary</span>
        <textarea ref={field} class="summary" rows={text.split('\n').length + 1} readOnly value={text} />
        <small>For whoever helps you. It names nobody, and was sent nowhere.</small>
      </label>
      <div class="row no-print">
        <button onClick={copy}>Copy</button>
        <button onClick={() => print()}>Print</button>
        <span role="status" class="small">
          {copied === true && 'Copied.'}
          {copied === false && 'Selected: copy it with Ctrl+C.'}
        </span>
      </div>
    </div>
  );
}
