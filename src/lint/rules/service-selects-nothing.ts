import type { LintRule } from '../rule.ts'

export const serviceSelectsNothing: LintRule = {
  id: 'kubernetes/service-selects-nothing',
  level: 'warning',
  summary: "a service's selector matches no pod",
  explain:
    'The address is assigned and announced all the same (externalTrafficPolicy Cluster), and every connection is refused.',
  *check(context) {
    for (const { cluster } of context.clusters) {
      const pods = cluster.store.list('Pod')
      for (const service of cluster.store.list('Service')) {
        const { selector } = service.spec
        if (selector === undefined || Object.keys(selector).length === 0) continue
        if (cluster.store.sources.sourceOf(service) === undefined) continue
        const fits = pods.some(
          ({ metadata }) =>
            metadata.namespace === service.metadata.namespace &&
            Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value),
        )
        if (fits) continue
        yield {
          message: `service ${service.metadata.namespace}/${service.metadata.name} selects no pod (${Object.entries(
            selector,
          )
            .map(pair => pair.join('='))
            .join(',')})`,
          source: context.atManifest(cluster, service, 'spec', 'selector'),
          fix: "correct the selector or the labels of the pods' template",
        }
      }
    }
  },
}
