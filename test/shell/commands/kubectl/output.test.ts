import { expect, test } from 'vitest'
import { BUILTIN_KINDS } from '../../../../src/kubernetes/api/builtin-kinds.ts'
import { Store } from '../../../../src/kubernetes/api/store.ts'
import { formatData } from '../../../../src/shell/commands/kubectl/output.ts'
import { Simulator } from '../../../../src/sim/simulator.ts'

function yamlOf(value: string): string {
  const store = new Store(new Simulator(), 'demo')
  store.registerKinds(BUILTIN_KINDS)
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { a: value } }
  return /^ {2}a: (.*)$/m.exec(formatData(store, [object], 'yaml', false))![1]!
}

test.each(['true', 'yes', 'n', '80', '1.5', '1e3', '0x1f', '12:30', '2025-01-01T00:00:00Z', ''])(
  'text that YAML would take for something else is quoted: %s',
  value => {
    expect(yamlOf(value)).toBe(`"${value}"`)
  },
)

test.each(['80-8080', '10.0.5.1', '10.0.5.0/24', 'nginx:1.27', 'v1', '20.0.0.100', 'a b'])(
  '%s stands as it is',
  value => {
    expect(yamlOf(value)).toBe(value)
  },
)
