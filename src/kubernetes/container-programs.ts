import type { Host } from '../host/host.ts'
import { type HttpServer, startHttpServer } from '../host/programs/http-server.ts'
import type { Pod } from './api/pod.ts'
import type { Cluster } from './cluster.ts'

/** The programs of a pod's containers. */
export interface RunningContainers {
  stop(): void
}

/** Images whose containers wait for `kubectl exec`: that they serve nothing is no surprise. */
const TOOL_IMAGES = /^(busybox|alpine|ubuntu|debian|netshoot|curl|pause|agnhost)$/

/** Namespaces of the cluster's own components, whose programs are modelled elsewhere or not needed. */
const SYSTEM_NAMESPACES = ['kube-system', 'local-path-storage']

/** Starts what the images of a pod run: nginx serves HTTP on port 80; other programs are not modelled. */
export function startContainers(cluster: Cluster, pod: Pod, host: Host): RunningContainers {
  const servers: HttpServer[] = []
  for (const { image } of pod.spec.containers) {
    const name = baseName(image)
    if (name.startsWith('nginx')) {
      // nginx-unprivileged cannot bind port 80
      const server = startHttpServer(host, { port: name.includes('unprivileged') ? 8080 : 80 })
      if ('error' in server) reportFailure(cluster, pod, server.error)
      else servers.push(server)
    } else if (!TOOL_IMAGES.test(name) && !SYSTEM_NAMESPACES.includes(pod.metadata.namespace ?? '')) say(cluster, image)
  }
  return {
    stop() {
      for (const server of servers) server.stop()
      servers.length = 0
    },
  }
}

/** `docker.io/library/nginx:1.27@sha256:…` → `nginx`. */
function baseName(image: string): string {
  return (image.split('@')[0]!.split('/').at(-1) ?? '').split(':')[0]!
}

/** Two servers on one port: in one pod, or in pods of a node's own network. Restarts of the container are not modelled. */
function reportFailure(cluster: Cluster, pod: Pod, error: string): void {
  const { namespace, name } = pod.metadata
  cluster.simulator.journal.record(pod.spec.nodeName ?? name, 'kubernetes.container-failed', {
    pod: `${namespace}/${name}`,
    error,
  })
}

function say(cluster: Cluster, image: string): void {
  cluster.say({
    code: 'kubernetes/image-not-modelled',
    severity: 'unmodelled',
    message: `image ${image}: its program is not modelled; such pods run and answer ping but serve nothing`,
    source: { file: cluster.model.file, line: 1, column: 1 },
  })
}
