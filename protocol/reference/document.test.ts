import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { VERSION } from '../version.ts';
import { messageDocument } from './document.ts';
import { EXAMPLES } from './examples.ts';
import { UNIONS } from './json-schema.ts';

const document = messageDocument();
const ajv = new Ajv2020({ strict: false, validateFormats: true });
addFormats.default(ajv);
ajv.addSchema(document, 'protocol.json');
const validate = (name: string, message: unknown) => ajv.validate(`protocol.json#/$defs/${name}`, message);

test('the JSON Schema of the socket messages names the version of the wire', () => {
  expect(document['title']).toBe(`Invigil socket messages, version ${VERSION}`);
});

test.for(UNIONS)('the JSON Schema accepts every example of $name', ({ name }) => {
  for (const example of EXAMPLES[name]) {
    validate(name, example);
    expect([example.type, ajv.errors]).toEqual([example.type, null]);
  }
});

test.for(UNIONS)('the JSON Schema refuses other things than a message of $name', ({ name }) => {
  for (const other of [null, 'hello', [], {}, { type: 'no such type' }]) expect(validate(name, other)).toBe(false);
});

test('the JSON Schema accepts messages of a later server with more properties, of a client none that the server refuses', () => {
  for (const example of EXAMPLES.ExamDown) expect(validate('ExamDown', { ...example, later: 1 })).toBe(true);
  expect(validate('ExamMessage', { type: 'finish', later: 1 })).toBe(false);
  expect(validate('ExamMessage', { type: 'signal', seq: 1, signal: 'PASTE', at: 'yesterday' })).toBe(false);
});
