import { checkManifest } from '../../config/manifest/check.ts'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { type ApiError, apiError } from './api-error.ts'

/** What the API server answers to an object that is wrong; undefined when it accepts it. */
export function validateObject(object: KubernetesObject): ApiError | undefined {
  const issues = checkManifest(object)
  const version = object.apiVersion.split('/').at(-1)!
  const cannot = `${object.kind} in version "${version}" cannot be handled as a ${object.kind}`
  const wrongType = issues.find(issue => issue.kind === 'wrong-type')
  if (wrongType !== undefined) return apiError('BadRequest', `${cannot}: ${wrongType.message}`)
  const unknown = issues.filter(issue => issue.kind === 'unknown-field')
  if (unknown.length > 0) {
    return apiError('BadRequest', `${cannot}: strict decoding error: ${unknown.map(issue => issue.message).join(', ')}`)
  }
  const invalid = issues.filter(issue => issue.kind === 'invalid').map(issue => issue.message)
  if (invalid.length === 0) return undefined
  const list = invalid.length === 1 ? invalid[0]! : `\n${invalid.map(message => `* ${message}`).join('\n')}`
  return apiError('Invalid', `${object.kind} "${object.metadata.name}" is invalid: ${list}`)
}
