import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { checkIp } from '../names.ts'
import { BOOLEAN, checkedText, integer, KEPT, list, object, oneOf, required, TEXT } from '../schema.ts'

export const ENDPOINT_SLICE: ManifestKind = {
  kind: 'EndpointSlice',
  apiVersions: ['discovery.k8s.io/v1'],
  flavour: 'builtin',
  schema: topLevel('EndpointSlice', {
    addressType: required(oneOf('IPv4')),
    endpoints: {
      schema: list(
        object('Endpoint', {
          addresses: required(list(checkedText(checkIp), 'string', 1)),
          conditions: object('EndpointConditions', { ready: BOOLEAN, serving: BOOLEAN, terminating: BOOLEAN }),
          nodeName: TEXT,
          targetRef: KEPT,
          zone: KEPT,
          hints: KEPT,
          hostname: KEPT,
        }),
        'v1.Endpoint',
      ),
    },
    ports: {
      schema: list(
        object('EndpointPort', {
          name: TEXT,
          protocol: oneOf('TCP', 'UDP', 'SCTP'),
          port: integer(1, 65535),
          appProtocol: KEPT,
        }),
        'v1.EndpointPort',
      ),
    },
  }),
}
