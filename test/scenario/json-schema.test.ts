import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const validate = new Ajv2020({ strict: false }).compile(scenarioJsonSchema())
const folder = join(ROOT, 'scenarios')
const shipped = readdirSync(folder).filter(name => name.endsWith('.yaml'))

describe('the JSON Schema of scenarios', () => {
  test.each(shipped)('accepts %s', name => {
    validate(parse(readFileSync(join(folder, name), 'utf8'), { merge: true }))
    expect(validate.errors ?? []).toEqual([])
  })

  test.each(shipped)('is named in the first line of %s', name => {
    const [first] = readFileSync(join(folder, name), 'utf8').split('\n')
    expect(first).toBe('# yaml-language-server: $schema=../dist/schema/scenario.json')
  })

  test.each([
    ['an unknown key', { claim: 'x', lab: 'y', steps: [], clam: 1 }],
    ['a wrong type', { claim: 1, lab: 'y', steps: [] }],
    ['an unknown check', { claim: 'x', lab: 'y', steps: [{ expect: [{ rout: {} }] }] }],
    [
      'two checks in one',
      {
        claim: 'x',
        lab: 'y',
        steps: [{ expect: [{ route: { node: 'a', to: '10.0.0.0/8' }, session: { node: 'a', peer: '10.0.0.1' } }] }],
      },
    ],
    [
      'an unknown key of a check',
      { claim: 'x', lab: 'y', steps: [{ expect: [{ route: { node: 'a', to: '10.0.0.0/8', by: 'x' } }] }] },
    ],
  ])('refuses %s', (_, value) => {
    expect(validate(value)).toBe(false)
  })
})
