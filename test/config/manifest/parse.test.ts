import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../src/config/manifest/parse.ts'

function parse(text: string) {
  return parseManifest(text, { file: 'app.yaml' })
}

const POOL = `apiVersion: cilium.io/v2alpha1
kind: CiliumLoadBalancerIPPool
metadata: {name: lb-pool}
spec:
`

describe('parseManifest', () => {
  test('reads several documents and skips empty ones', () => {
    const { model } = parse(
      `---\n${POOL}  blocks: [{cidr: 20.0.10.0/24}]\n---\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n`,
    )
    expect(model?.map(document => document.object.kind)).toEqual(['CiliumLoadBalancerIPPool', 'Namespace'])
    expect(model?.[1]?.source).toEqual({ file: 'app.yaml', line: 9, column: 1 })
  })

  test('takes a List apart', () => {
    const item = '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'
    expect(parse(`apiVersion: v1\nkind: List\nitems: [${item}, ${item}]`).model).toHaveLength(2)
  })

  test.each([
    ['  blockz: []', 'manifest/unknown-field', 'unknown field "spec.blockz"', 5, 3],
    [
      '  blocks: [{cidr: 20.0.10.0}]',
      'manifest/invalid',
      'spec.blocks[0].cidr: Invalid value: "20.0.10.0": must be a CIDR',
      5,
      19,
    ],
    [
      '  disabled: "no"',
      'manifest/invalid',
      'spec.disabled: Invalid value: "string": spec.disabled in body must be of type boolean: "string"',
      5,
      13,
    ],
    [
      '  allowFirstLastIPs: Maybe',
      'manifest/invalid',
      'spec.allowFirstLastIPs: Unsupported value: "Maybe": supported values: "Yes", "No"',
      5,
      22,
    ],
  ])('a pool with %s', (line, code, message, row, column) => {
    const { diagnostics } = parse(`${POOL}${line}\n`)
    expect(diagnostics).toEqual([
      {
        code,
        severity: 'error',
        message: `CiliumLoadBalancerIPPool "lb-pool": ${message}`,
        source: { file: 'app.yaml', line: row, column },
      },
    ])
  })

  test('an unquoted true as a label value is the error of the Go decoder', () => {
    const { model } = parse(
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {x: true}}\nspec: {ports: [{port: 80}]}',
    )
    const message = 'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string'
    expect(model?.[0]?.issues).toEqual([{ kind: 'wrong-type', path: ['metadata', 'labels', 'x'], message }])
  })

  test('a field whose effect is not simulated is pointed out', () => {
    const { diagnostics } = parse(`apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: nginx
    command: [sleep]
    resources: {}
`)
    expect(diagnostics).toMatchObject([{ severity: 'unmodelled', source: { line: 8 } }])
  })

  test('an unknown kind is an error with its position', () => {
    expect(parse('apiVersion: x/v1\nkind: Y\nmetadata: {name: z}').diagnostics).toMatchObject([
      { code: 'manifest/unknown-kind', message: 'no matches for kind "Y" in version "x/v1"' },
    ])
  })

  test('kinds of the BGP control plane v2 are accepted and said to do nothing', () => {
    const { model, diagnostics } = parse(
      'apiVersion: cilium.io/v2alpha1\nkind: CiliumBGPClusterConfig\nmetadata: {name: z}\nspec: {a: 1}',
    )
    expect(model?.[0]?.issues).toEqual([])
    expect(diagnostics).toMatchObject([{ severity: 'unmodelled' }])
  })

  test.each([['a: [1\n'], ['\0binary'], ['a: &x [*x, *x]\nb: *y']])('broken YAML is a positioned error: %j', text => {
    const { model, diagnostics } = parse(text)
    expect(model).toBeUndefined()
    expect(diagnostics[0]).toMatchObject({ code: 'yaml/syntax', severity: 'error' })
  })
})
