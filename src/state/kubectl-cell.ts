import { assert } from '../assert.ts'
import type { KubernetesObject } from '../model/kubernetes-object.ts'
import { columnsOf } from '../shell/commands/kubectl/columns.ts'

/** What `kubectl get -o wide` prints of an object in the column of this heading. */
export function kubectlCell(object: KubernetesObject, header: string, wallMs: number): string {
  const column = columnsOf(object.kind).find(one => one.header === header)
  assert(column !== undefined, `kubectl has a column ${header} of ${object.kind}`)
  return column.cell(object, wallMs)
}
