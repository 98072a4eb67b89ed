import { beforeEach, describe, expect, test } from 'vitest'
import { BUILTIN_KINDS } from '../../../src/kubernetes/api/builtin-kinds.ts'
import { Store } from '../../../src/kubernetes/api/store.ts'
import { Simulator } from '../../../src/sim/simulator.ts'

let simulator: Simulator
let store: Store

beforeEach(() => {
  simulator = new Simulator()
  store = new Store(simulator, 'demo')
  store.registerKinds(BUILTIN_KINDS)
  store.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } })
})

function configMap(name: string, data: Record<string, string> = {}) {
  return { apiVersion: 'v1', kind: 'ConfigMap' as const, metadata: { name }, data }
}

describe('Store', () => {
  test('gives an object its identity', () => {
    store.create(configMap('settings'))
    const { metadata } = store.get('ConfigMap', 'default', 'settings')!
    expect(metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(metadata.creationTimestamp).toBe('2025-01-01T00:00:00Z')
    expect(metadata.resourceVersion).toBe('2')
  })

  test('namesakes of different times have different uids, the same in every run', () => {
    const uidOf = (again: boolean) => {
      const other = new Store(new Simulator(), 'demo')
      other.registerKinds(BUILTIN_KINDS)
      const create = () => other.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } })
      create()
      if (again) other.delete('Namespace', undefined, 'web')
      if (again) create()
      return other.get('Namespace', undefined, 'web')!.metadata.uid
    }
    expect(uidOf(false)).toBe(uidOf(false))
    expect(uidOf(true)).not.toBe(uidOf(false))
  })

  test('refuses a second object of the name, and one in a namespace that is not there', () => {
    store.create(configMap('settings'))
    expect(store.create(configMap('settings'))).toMatchObject({
      ok: false,
      error: { message: 'configmaps "settings" already exists' },
    })
    const elsewhere = { ...configMap('settings'), metadata: { name: 'settings', namespace: 'web' } }
    expect(store.create(elsewhere)).toMatchObject({
      ok: false,
      error: { reason: 'NotFound', message: 'namespaces "web" not found' },
    })
  })

  test('a write that changes nothing tells nobody', () => {
    store.create(configMap('settings', { a: 'b' }))
    const revision = store.revision
    const result = store.update('ConfigMap', 'default', 'settings', draft => {
      draft.data = { a: 'b' }
    })
    expect(result).toMatchObject({ ok: true, changed: false })
    expect(store.revision).toBe(revision)
  })

  test('a watcher sees what is there and then each change, in order, in events of its own', () => {
    store.create(configMap('a'))
    const seen: string[] = []
    store.watch('ConfigMap', 'test', event => seen.push(`${event.type} ${event.object.metadata.name}`))
    store.create(configMap('b'))
    store.update('ConfigMap', 'default', 'a', draft => {
      draft.data = { x: 'y' }
    })
    store.delete('ConfigMap', 'default', 'b')
    expect(seen).toEqual([])
    simulator.runUntil(1e9)
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b'])
  })

  test('generation counts changes of the spec, not of the status', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment' as const,
      metadata: { name: 'web' },
      spec: { replicas: 1, selector: {}, template: { spec: { containers: [] } } },
      status: {},
    }
    store.create(deployment)
    store.update('Deployment', 'default', 'web', draft => {
      draft.status = { replicas: 1 }
    })
    expect(store.get('Deployment', 'default', 'web')?.metadata.generation).toBe(1)
    store.update('Deployment', 'default', 'web', draft => {
      draft.spec.replicas = 2
    })
    expect(store.get('Deployment', 'default', 'web')?.metadata.generation).toBe(2)
  })

  test('what an owner owns goes with it', () => {
    store.create(configMap('owner'))
    const owner = store.get('ConfigMap', 'default', 'owner')!
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid! }
    store.create({ ...configMap('owned'), metadata: { name: 'owned', ownerReferences: [reference] } })
    store.delete('ConfigMap', 'default', 'owner')
    simulator.runUntil(1e9)
    expect(store.list('ConfigMap')).toEqual([])
  })

  test('a finalizer holds an object until it is taken off', () => {
    store.create({ ...configMap('held'), metadata: { name: 'held', finalizers: ['demo/hold'] } })
    store.delete('ConfigMap', 'default', 'held')
    expect(store.get('ConfigMap', 'default', 'held')?.metadata.deletionTimestamp).toBeDefined()
    store.update('ConfigMap', 'default', 'held', draft => {
      delete draft.metadata.finalizers
    })
    expect(store.get('ConfigMap', 'default', 'held')).toBeUndefined()
  })
})
