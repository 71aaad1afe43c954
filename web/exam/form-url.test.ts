import { expect, test } from 'vitest';
import { formUrl } from './form-url.ts';

const at = (form: string) => formUrl(`https://exams.example.org/exam?form=${encodeURIComponent(form)}#/`);

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  'forms/a.html',
  '',
])('exam form %j is refused: not a path of this server', (form) => {
  expect(at(form)).toBeUndefined();
});

test('exam form: a path of this server is accepted', () => {
  expect(at('/forms/algebra.html?x=1')).toBe('https://exams.example.org/forms/algebra.html?x=1');
  expect(formUrl('https://exams.example.org/exam')).toBeUndefined();
});
