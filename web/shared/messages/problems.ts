import type { ErrorCode } from '../../../protocol/errors.ts';
import { catalogue } from './catalogue.ts';
import { type Problem, type ProblemText, problems as english } from './en/problems.ts';
import { sentence } from './sentence.ts';

const problems = catalogue<Readonly<Record<ErrorCode, ProblemText>>>(english);

/** Text for an error code; the server's own for a code of a newer server. */
export function problemText(code: string, { detail = '', retryable = false, wait }: Partial<Problem> = {}): string {
  const own = detail && sentence(detail);
  if (!Object.hasOwn(problems, code)) return own;
  const text = problems[code as ErrorCode];
  return (typeof text === 'string' ? text : text({ detail: own, retryable, wait })).trim();
}
