import { useEffect, useRef, useState } from 'preact/hooks';
import { common } from '../shared/messages/common.ts';
import { t } from './messages.ts';

/** Recovery codes, shown once. */
export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const [copied, setCopied] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    setCopied(true);
  };
  return (
    <div class="note warn stack printed">
      <h3 ref={heading} tabIndex={-1}>
        {t.recoveryCodes}
      </h3>
      <p>{t.recoveryCodesUse}</p>
      <ol class="recovery-codes code">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <p class="row">
        <button type="button" onClick={() => void copy()}>
          {copied ? common.copied : common.copy}
        </button>
        <button type="button" onClick={() => print()}>
          {common.print}
        </button>
        <button type="button" class="primary" onClick={onDone}>
          {t.recoveryCodesSaved}
        </button>
      </p>
    </div>
  );
}
