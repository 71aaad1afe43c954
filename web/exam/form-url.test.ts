import { expect, test } from 'vitest';
import { formUrl, hasNoForm } from './form-url.ts';

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

test('`form=none` states that the questions are elsewhere, which is no form', () => {
  expect(hasNoForm('https://exams.example/exam?form=none')).toBe(true);
  expect(formUrl('https://exams.example/exam?form=none')).toBeUndefined();
  expect(hasNoForm('https://exams.example/exam?form=/none')).toBe(false);
});
