import { expect, test } from 'vitest'
import { renderJsonPath } from '../../../../src/shell/commands/kubectl/json-path.ts'

const VALUE = {
  kind: 'List',
  items: [
    { name: 'a', ports: [80, 443], labels: { 'x.y/z': 'w' }, conditions: [{ type: 'Ready', status: 'True' }] },
    { name: 'b', ports: [], conditions: [{ type: 'Ready', status: 'False' }] },
  ],
}

test.each([
  ['{.kind}', 'List'],
  ['.kind', 'List'],
  ['kind', 'List'],
  ['{.items[*].name}', 'a b'],
  ['{.items[0].ports}', '[80,443]'],
  ['{.items[0].ports[-1]}', '443'],
  ['{.items[0:1].name}', 'a'],
  ['{.items[?(@.name=="b")].conditions[0].status}', 'False'],
  ['{range .items[*]}{.name}{"\\t"}{.ports[*]}{"\\n"}{end}', 'a\t80 443\nb\t\n'],
  ['{.items[0].labels.x\\.y/z}', 'w'],
  ["{.items[0].labels['x.y/z']}", 'w'],
  ['{..status}', 'True False'],
  ['{.missing.field}', ''],
  ['name: {.kind}!', 'name: List!'],
])('%s', (template, text) => {
  expect(renderJsonPath(template, VALUE)).toEqual({ text })
})

test.each([
  ['{.items[7].name}', 'array index out of bounds: index 7, length 2'],
  ['{.kind', 'unclosed action'],
  ['{range .items[*]}x', 'unterminated range'],
])('%s is refused', (template, error) => {
  expect(renderJsonPath(template, VALUE)).toEqual({ error })
})
