import { expect, test } from 'vitest'
import { readScript } from '../../src/shell/read-script.ts'

const FILES: Readonly<Record<string, string>> = {
  '/x/setup.sh':
    '#!/bin/bash\n./1-kind.sh && bash parts/2-cilium.sh\n# ./3-never.sh\nsource setup.sh\nkubectl get pods\n',
  '/x/1-kind.sh': 'kind create cluster --config=- <<EOF\nkind: Cluster\nEOF\n./parts/2-cilium.sh\n',
  '/x/parts/2-cilium.sh': 'helm install cilium cilium/cilium --set a=1\nkubectl get nodes\n',
  '/x/3-never.sh': 'docker ps\n',
}
const files = { readText: (name: string) => FILES[name], kindOf: () => undefined, list: () => [] }
const script = readScript('/x/setup.sh', FILES['/x/setup.sh']!, files)

test('a here-document is found in a script that the script runs', () => {
  expect(script.locateText('kind: Cluster\n')).toEqual({ file: '/x/1-kind.sh', line: 2, column: 1 })
})

test('a command is found where it fits best, in scripts of scripts too', () => {
  const place = script.locate(['helm', 'install', 'cilium', 'cilium/cilium', '--set', 'a=1'])
  expect(place?.sourceOf('a=1')).toEqual({ file: '/x/parts/2-cilium.sh', line: 1, column: 41 })
  expect(script.locate(['kubectl', 'get', 'nodes'])?.source).toMatchObject({ file: '/x/parts/2-cilium.sh', line: 2 })
  expect(script.locate(['kubectl', 'get', 'pods'])?.source).toMatchObject({ file: '/x/setup.sh', line: 5 })
})

test('a script in a remark is not read', () => {
  expect(script.locate(['docker', 'ps'])).toBeUndefined()
})
