import { useRef, useState } from 'preact/hooks';
import { type Finding, resultOf, summaryText } from './findings.ts';
import { common } from '../shared/messages/common.ts';
import { dateAndTime } from '../shared/time-format.ts';
import { t } from './messages.ts';

const TONES: Record<Finding['state'], string> = { good: 'good', note: 'warn', bad: 'bad', open: '' };

/** The overall result, and all findings as text to print or send to support. */
export function Summary({ findings }: { readonly findings: readonly Finding[] }) {
  const result = resultOf(findings);
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<boolean>();
  const text = summaryText(findings, {
    server: location.origin,
    browser: navigator.userAgent,
    at: dateAndTime(Date.now()),
  });
  const copy = () => {
    // The selection lets the user copy by hand where the clipboard is not available.
    field.current?.select();
    void (navigator.clipboard?.writeText(text) ?? Promise.reject(new Error())).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div class="card stack">
      <h2>{t.result}</h2>
      <p class={`note ${TONES[result.state]}`} role="status">
        <b>{result.text}</b>
      </p>
      <label class="field">
        <span>{t.summary}</span>
        <textarea ref={field} class="summary" rows={text.split('\n').length + 1} readOnly value={text} />
        <small>{t.summaryUse}</small>
      </label>
      <div class="row no-print">
        <button onClick={copy}>{common.copy}</button>
        <button onClick={() => print()}>{common.print}</button>
        <span role="status" class="small">
          {copied === true && t.copied}
          {copied === false && t.selected}
        </span>
      </div>
    </div>
  );
}
