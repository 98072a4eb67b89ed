import { expect, test } from 'vitest'
import { ScriptText } from '../../src/shell/script-text.ts'

const TEXT = `#!/bin/bash
# helm install in a remark is no command
helm install cilium cilium/cilium \\
  --set a=1 \\
  --set b.c=2
kubectl apply -f x.yaml
kubectl apply -f y.yaml
for name in p q; do kubectl label node $name rack=r; done
kubectl apply -f - <<EOT
kind: Pod
metadata: {name: p}
EOT
kubectl apply -f x.yaml
`

test('a command is found by its words, and each word by its own line', () => {
  const place = new ScriptText('/s.sh', TEXT).locate(['helm', 'install', 'cilium', 'cilium/cilium', '--set', 'a=1'])
  expect(place?.source).toEqual({ file: '/s.sh', line: 3, column: 1 })
  expect(place?.sourceOf('b.c=2')).toEqual({ file: '/s.sh', line: 5, column: 9 })
})

test('the same command twice is found at its second place the second time', () => {
  const script = new ScriptText('/s.sh', TEXT)
  const words = ['kubectl', 'apply', '-f', 'x.yaml']
  expect(script.locate(words)?.source.line).toBe(6)
  expect(script.locate(words)?.source.line).toBe(13)
})

test('words that the shell has made do not hinder', () => {
  const script = new ScriptText('/s.sh', TEXT)
  expect(script.locate(['kubectl', 'label', 'node', 'p', 'rack=r'])?.source.line).toBe(8)
  expect(script.locate(['kubectl', 'label', 'node', 'q', 'rack=r'])?.source.line).toBe(8)
})

test('a command that the script does not hold has no place', () => {
  expect(new ScriptText('/s.sh', TEXT).locate(['docker', 'ps'])).toBeUndefined()
})

test('a here-document is found by its text', () => {
  const script = new ScriptText('/s.sh', TEXT)
  expect(script.locateText('kind: Pod\nmetadata: {name: p}\n')).toEqual({ file: '/s.sh', line: 10, column: 1 })
  expect(script.locateText('kind: Service\n')).toBeUndefined()
  expect(script.locateText('')).toBeUndefined()
})
