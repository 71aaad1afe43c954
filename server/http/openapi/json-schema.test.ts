import { expect, test } from 'vitest';
import { z } from 'zod';
import { JsonSchemas } from './json-schema.ts';

test('a named schema becomes a component that others reference', () => {
  const schemas = new JsonSchemas();
  const Place = z.object({ x: z.int().min(0) }).meta({ id: 'Place' });
  expect(schemas.of(z.object({ from: Place, to: z.array(Place) }), 'output')).toMatchObject({
    properties: { from: { $ref: '#/components/schemas/Place' }, to: { items: { $ref: '#/components/schemas/Place' } } },
  });
  expect(schemas.of(Place, 'output')).toEqual({ $ref: '#/components/schemas/Place' });
  expect(Object.keys(schemas.components)).toEqual(['Place']);
  expect(schemas.components['Place']).toMatchObject({ type: 'object', required: ['x'] });
  expect(JSON.stringify(schemas.components)).not.toContain('"id"');
});

test('components reference components', () => {
  const schemas = new JsonSchemas();
  const Inner = z.object({ a: z.string() }).meta({ id: 'Inner' });
  schemas.of(z.object({ inner: Inner }).meta({ id: 'Outer' }), 'output');
  expect(schemas.components['Outer']).toMatchObject({ properties: { inner: { $ref: '#/components/schemas/Inner' } } });
});

test('a schema whose input differs from its output gets one component for each', () => {
  const schemas = new JsonSchemas();
  const Rate = z.object({ fps: z.number().default(2) }).meta({ id: 'Rate' });
  expect(schemas.of(Rate, 'output')).toEqual({ $ref: '#/components/schemas/Rate' });
  expect(schemas.of(Rate, 'input')).toEqual({ $ref: '#/components/schemas/RateInput' });
  expect(schemas.components['Rate']).toMatchObject({ required: ['fps'] });
  expect(schemas.components['RateInput']).not.toHaveProperty('required');
});

test('a schema that references such a schema gets one component for each, too', () => {
  const schemas = new JsonSchemas();
  const Rate = z.object({ fps: z.number().default(2) }).meta({ id: 'Rate' });
  const Plan = z.object({ rate: Rate }).meta({ id: 'Plan' });
  schemas.of(Plan, 'input');
  schemas.of(Plan, 'output');
  expect(schemas.components['PlanInput']).toMatchObject({
    properties: { rate: { $ref: '#/components/schemas/RateInput' } },
  });
  expect(schemas.components['Plan']).toMatchObject({ properties: { rate: { $ref: '#/components/schemas/Rate' } } });
});
