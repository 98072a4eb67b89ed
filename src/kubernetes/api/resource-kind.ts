/** What discovery says about one kind of resource. */
export interface ResourceKind {
  readonly kind: string
  /** Empty for the core group. */
  readonly group: string
  /** Served versions, the preferred one first. */
  readonly versions: readonly string[]
  /** `services` */
  readonly plural: string
  /** `service` */
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly isNamespaced: boolean
  /** Whether `kubectl get all` lists it. */
  readonly isInAll?: boolean
}

/** `v1`, `apps/v1`: the preferred version. */
export function apiVersionOf(resource: ResourceKind): string {
  return resource.group === '' ? resource.versions[0]! : `${resource.group}/${resource.versions[0]!}`
}

/** `services`, `deployments.apps`: how messages of the API server name the resource. */
export function qualifiedPlural(resource: ResourceKind): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}

/** `service`, `deployment.apps`: how kubectl names an object before a slash. */
export function qualifiedSingular(resource: ResourceKind): string {
  return resource.group === '' ? resource.singular : `${resource.singular}.${resource.group}`
}
